/** @file Patch sizes that a U-shaped network can halve and grow again. */
import { patchDoesNotFit } from './errors.ts';

/**
 * The cube [edge, edge, edge], when `levels` − 1 halvings leave the edge whole and at least 1.
 * Throws PATCH_DOES_NOT_FIT, naming the setting `field`.
 *
 * @since 1
 * @example cubicPatch(48, { levels: 4, field: 'patchSize' })
 */
export function cubicPatch(
  edge: number,
  { levels, field }: { levels: number; field: string },
): [number, number, number] {
  const multiple = 2 ** (levels - 1);
  if (edge < multiple || edge % multiple !== 0) throw patchDoesNotFit({ size: edge, multiple, field });
  return [edge, edge, edge];
}
