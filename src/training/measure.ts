/** @file One class of one validation case through the evaluation table. */
import type { Dims } from '../imaging/volume.ts';
import type { Values } from './events.ts';

export interface LabelPair {
  /** Class indices on the prepared grid, x fastest. */
  readonly prediction: Uint8Array;
  readonly reference: Uint8Array;
  /** The class that is measured; all others count as background. */
  readonly index: number;
  readonly dims: Dims;
  readonly spacingMm: readonly [number, number, number];
}

export function measureLabels({ prediction, reference, index }: LabelPair, names: readonly string[]): Values {
  let both = 0;
  let sum = 0;
  for (let i = 0; i < prediction.length; i++) {
    const p = prediction[i] === index ? 1 : 0;
    const y = reference[i] === index ? 1 : 0;
    both += p & y;
    sum += p + y;
  }
  const dice = sum === 0 ? null : (2 * both) / sum;
  return names.includes('dice') ? { dice } : {};
}
