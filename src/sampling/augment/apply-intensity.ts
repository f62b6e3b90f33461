/** @file The table from an intensity augmentation in the recipe to its function. */
import { unreachable } from '../../base/errors.ts';
import type { Random } from '../../base/random.ts';
import type { Augmentation } from '../../recipe/recipe.ts';
import type { Triple } from '../patch-shape.ts';
import { biasField, blur, brightness, gamma, noise } from './intensity.ts';

/** Applies one augmentation to one channel with its chance; spatial kinds do nothing here. */
export function applyIntensity(
  values: Float32Array,
  augmentation: Augmentation,
  { size, random }: { size: Triple; random: Random },
): void {
  switch (augmentation.kind) {
    case 'flip':
    case 'rotate':
    case 'scale':
    case 'elastic':
      return;
    case 'gamma':
      if (random.chance(augmentation.chance)) gamma(values, random, augmentation);
      return;
    case 'noise':
      if (random.chance(augmentation.chance)) noise(values, random, augmentation.maxDeviation);
      return;
    case 'biasField':
      if (random.chance(augmentation.chance))
        biasField(values, random, { size, strength: augmentation.strength });
      return;
    case 'blur':
      if (random.chance(augmentation.chance))
        blur(values, random, { size, maxSigmaVoxels: augmentation.maxSigmaVoxels });
      return;
    case 'brightness':
      if (random.chance(augmentation.chance)) brightness(values, random, augmentation);
      return;
    default:
      unreachable(augmentation);
  }
}
