/** @file How sure a model is of each voxel: the entropy of what it says, derived for every segmentation from its probability. */
import type { OutputMap, Recipe } from '../recipe/recipe.ts';
import type { BlendedMap } from './sliding-window.ts';

/** The map that prediction adds to those of the recipe. */
export const uncertaintyOutput: OutputMap = {
  name: 'uncertainty',
  graphOutput: '',
  kind: 'uncertainty',
  label: 'Uncertainty (entropy)',
  unit: 'bit',
  range: [0, 1],
  colourMap: 'magma',
};

/** The output that labels are decided by, and the uncertainty with them. */
export function decisiveOutput({ outputs }: Pick<Recipe, 'outputs'>): OutputMap {
  return outputs.find(({ kind }) => kind === 'probability') ?? outputs[0]!;
}

/** Whether prediction derives the entropy map: there is a probability, and no output of this name already. */
export function derivesUncertainty({ outputs }: Pick<Recipe, 'outputs'>): boolean {
  return (
    outputs.some(({ kind }) => kind === 'probability') &&
    outputs.every(({ name }) => name !== uncertaintyOutput.name)
  );
}

/** All maps that prediction gives, in the order in which they are written. */
export function outputsOf(recipe: Pick<Recipe, 'outputs'>): OutputMap[] {
  return derivesUncertainty(recipe) ? [...recipe.outputs, uncertaintyOutput] : [...recipe.outputs];
}

/**
 * Predictive entropy per voxel, 0 (sure) to 1 (could be anything).
 *
 * One channel: −p log₂ p − (1 − p) log₂ (1 − p), in bits.
 * Background and classes (K channels): −Σ pₖ log₂ pₖ / log₂ K, with the channels scaled to a sum of 1; 0 where all are 0.
 * Classes without a background, each decided for itself: the largest of their binary entropies.
 * Values beyond 0-1 count as 0 or 1; NaN counts as 0.
 *
 * probability  one channel per class, or one more than classes with the background first
 * source       Shannon 1948, "A mathematical theory of communication", section 6
 */
export function predictiveEntropy({ channels, values }: BlendedMap, classCount: number): Float32Array {
  const voxels = values.length / channels;
  const entropy = new Float32Array(voxels);
  const areOneDistribution = channels > classCount && channels > 1;
  for (let i = 0; i < voxels; i++)
    entropy[i] = areOneDistribution
      ? categoricalEntropy(values, { channels, voxels, at: i })
      : largestBinaryEntropy(values, { channels, voxels, at: i });
  return entropy;
}

interface Place {
  readonly channels: number;
  readonly voxels: number;
  readonly at: number;
}

/** With S = Σ q and p = q / S: −Σ p log₂ p = log₂ S − Σ q log₂ q / S. */
function categoricalEntropy(values: Float32Array, { channels, voxels, at }: Place): number {
  let sum = 0;
  let weighted = 0;
  for (let c = 0; c < channels; c++) {
    const q = values[c * voxels + at]!;
    if (!(q > 0)) continue;
    sum += q;
    weighted += q * Math.log2(q);
  }
  if (sum === 0) return 0;
  return Math.min(1, Math.max(0, (Math.log2(sum) - weighted / sum) / Math.log2(channels)));
}

function largestBinaryEntropy(values: Float32Array, { channels, voxels, at }: Place): number {
  let largest = 0;
  for (let c = 0; c < channels; c++) {
    const p = values[c * voxels + at]!;
    if (!(p > 0 && p < 1)) continue;
    const entropy = -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);
    if (entropy > largest) largest = entropy;
  }
  return largest;
}
