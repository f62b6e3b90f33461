/** @file Reads the op fixtures that make-fixtures.py made, and turns a case into a graph of its value and gradients. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { differentiate } from '../../../src/engine/autodiff/differentiate.ts';
import type { TensorData } from '../../../src/engine/executor.ts';
import { GraphBuilder, type Tensor } from '../../../src/engine/graph/builder.ts';
import { mul, sum } from '../../../src/engine/graph/functions.ts';
import type { DType, Graph, Shape } from '../../../src/engine/graph/graph.ts';
import type { NormAttributes, Op } from '../../../src/engine/graph/ops.ts';

interface FixtureTensor {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly values: readonly number[];
}

export interface OpCase {
  readonly op: Op;
  readonly title: string;
  readonly attributes: object;
  /** `statsOf` stands for normStats of that input. */
  readonly inputs: readonly (FixtureTensor | { readonly statsOf: number })[];
  readonly declared?: { readonly shape: Shape; readonly dtype: DType };
  readonly value: FixtureTensor;
  /** Gradient of the result; absent when no gradient is compared. */
  readonly dy?: readonly number[];
  /** One an input; null where none is compared. */
  readonly gradients: readonly (readonly number[] | null)[];
}

const folder = join(import.meta.dirname, 'fixtures');

export const opCases: readonly OpCase[] = readdirSync(folder).flatMap(
  (file) => (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { cases: OpCase[] }).cases,
);

/** Inputs `x0`, `x1`, … and `dy`; outputs `value`, and `gradient0`, … where the case has them. */
export function graphOf(testCase: OpCase): { graph: Graph; inputs: Record<string, TensorData> } {
  const builder = new GraphBuilder();
  const inputs: Record<string, TensorData> = {};
  const give = (name: string, { shape, dtype, values }: FixtureTensor) => {
    inputs[name] = dtype === 'f32' ? new Float32Array(values) : new Int32Array(values);
    return builder.input(name, shape, dtype);
  };
  const tensors: Tensor[] = [];
  testCase.inputs.forEach((input, i) => {
    if ('values' in input) tensors.push(give(`x${i}`, input));
    else {
      const { kind, groups } = testCase.attributes as NormAttributes;
      tensors.push(builder.node('normStats', [tensors[input.statsOf]!], { kind, groups }));
    }
  });
  const y = builder.node(testCase.op, tensors, testCase.attributes as never, testCase.declared);
  builder.output('value', y);
  const wanted = [...testCase.gradients.keys()].filter((i) => testCase.gradients[i] !== null);
  if (testCase.dy !== undefined && wanted.length > 0) {
    const dy = give('dy', { shape: y.shape, dtype: 'f32', values: testCase.dy });
    const gradients = differentiate(
      sum(mul(y, dy)),
      wanted.map((i) => tensors[i]!),
    );
    gradients.forEach((gradient, k) => {
      builder.output(`gradient${wanted[k]}`, gradient);
    });
  }
  return { graph: builder.build(), inputs };
}
