import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { differentiate } from '../../../src/engine/autodiff/differentiate.ts';
import { gradientRules } from '../../../src/engine/autodiff/rules.ts';
import type { TensorData } from '../../../src/engine/executor.ts';
import { makeReferenceExecutor } from '../../../src/engine/executors/reference/executor.ts';
import { GraphBuilder } from '../../../src/engine/graph/builder.ts';
import { mul, sum } from '../../../src/engine/graph/functions.ts';
import type { NormAttributes } from '../../../src/engine/graph/ops.ts';
import { allOps } from '../../../src/engine/graph/ops.ts';
import { type RuleCase, ruleCases } from './rule-cases.ts';

/**
 * Step of the central difference. The value is rounded to f32 (about 1e-7), so its difference carries 1e-5 of noise at this step;
 * the truncation is of the order step² = 1e-4. A wrong rule is off by far more than the tolerance.
 */
const step = 0.01;
const tolerance = 2e-3;

/** Σ y·w for given weights w, with the gradients by the smooth inputs. */
function programOf({ op, inputs, attributes, ownStatistics }: RuleCase) {
  const builder = new GraphBuilder();
  const given = inputs.map(({ shape, dtype }, i) => builder.input(`x${i}`, shape, dtype));
  const tensors = [...given];
  if (ownStatistics) {
    const { kind, groups } = attributes as NormAttributes;
    tensors.splice(1, 0, builder.node('normStats', [given[0]!], { kind, groups }));
  }
  const y = builder.node(op, tensors, attributes as never);
  const random = new Random(1, 'weights');
  const weights = Array.from({ length: y.shape.reduce((a, b) => a * b, 1) }, () =>
    Math.fround(random.normal()),
  );
  builder.output('y', y);
  const smooth = given.filter((_, i) => inputs[i]!.smooth);
  const gradients = differentiate(sum(mul(y, builder.constant(weights, y.shape))), smooth);
  gradients.forEach((gradient, i) => {
    builder.output(`gradient${i}`, gradient);
  });
  const program = makeReferenceExecutor().open().compile(builder.build(), { seed: 1 });
  return { program, weights };
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((total, value, i) => total + value * b[i]!, 0);

describe('gradient rules against central differences', () => {
  it('have a case each', () => {
    const covered = new Set(ruleCases.map(({ op }) => op));
    const nothingToMeasure = new Set(['maxPoolGrad', 'gridSampleGradGrid', 'cast']);
    const ruled = allOps.filter((op) => typeof gradientRules[op] === 'function');
    expect(ruled.filter((op) => !covered.has(op) && !nothingToMeasure.has(op))).toEqual([]);
  });

  it.each(ruleCases)('$op $attributes', async (ruleCase) => {
    const { program, weights } = programOf(ruleCase);
    const values: Record<string, TensorData> = {};
    ruleCase.inputs.forEach((input, i) => {
      values[`x${i}`] = input.dtype === 'f32' ? new Float32Array(input.values) : new Int32Array(input.values);
    });
    const valueWith = async (name: string, data: TensorData) =>
      dot((await program.run({ ...values, [name]: data })).y!, weights);
    const outputs = await program.run(values);
    const smooth = ruleCase.inputs.flatMap((input, i) => (input.smooth ? [`x${i}`] : []));
    for (const [k, name] of smooth.entries()) {
      const gradient = outputs[`gradient${k}`]!;
      const random = new Random(k, 'direction');
      // Several directions, each of size 1 per element, so that errors of elements cannot hide behind each other.
      for (let trial = 0; trial < 4; trial++) {
        const direction = Array.from(gradient, () => (random.chance(0.5) ? 1 : -1));
        const up = values[name]!.map((x, i) => x + step * direction[i]!);
        const down = values[name]!.map((x, i) => x - step * direction[i]!);
        const measured = (await valueWith(name, up)) - (await valueWith(name, down));
        // The step that rounding to f32 left.
        const expected = dot(
          gradient,
          up.map((x, i) => x - down[i]!),
        );
        const scale = Array.from(gradient).reduce((total, g) => total + Math.abs(g), 1e-3) * 2 * step;
        expect(Math.abs(measured - expected) / scale, `by ${name}`).toBeLessThan(tolerance);
      }
    }
  });
});
