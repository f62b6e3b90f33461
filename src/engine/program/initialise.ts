/** @file First values of variables, from the run's seed and the variable's name alone. */
import { Random } from '../../base/random.ts';
import { elementCount, type Initialiser, type Shape } from '../graph/graph.ts';

/**
 * The start of a variable: element i (C order) is the i-th draw of the random stream `variable/<name>`, so it depends neither on
 * the order in which variables are made nor on the executor.
 */
export function initialValues(
  variable: { readonly name: string; readonly shape: Shape; readonly initial: Initialiser },
  seed: number,
): Float32Array {
  const values = new Float32Array(elementCount(variable.shape));
  const { initial } = variable;
  if (initial.kind === 'constant') return values.fill(initial.value);
  const random = new Random(seed, `variable/${variable.name}`);
  const draw =
    initial.kind === 'uniform'
      ? () => random.uniform(initial.low, initial.high)
      : () => random.normal(initial.mean, initial.deviation);
  return values.map(draw);
}
