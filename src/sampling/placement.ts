/** @file Which patch next: a random subject, then a foreground voxel or a uniform place. */

import type { Random } from '../base/random.ts';
import type { PreparedSubject } from '../dataset/prepared-subject.ts';
import { tensorShapeOf } from '../imaging/tiles.ts';
import type { Triple } from './patch-shape.ts';

export interface Placement {
  readonly subject: number;
  /** Which of the subject's label maps. */
  readonly label: number;
  /** First voxel of the patch on each tensor axis; negative where the volume is smaller than the patch. */
  readonly start: Triple;
}

export interface PlacementOptions {
  readonly patch: Triple;
  /** Share of patches centred on a foreground voxel. */
  readonly foregroundShare: number;
}

/**
 * Draws a subject and a label map uniformly, then the place. Foreground: a class that occurs (uniform), then one of its voxels
 * (uniform); the patch is centred on it and moved inwards at the border. A subject without foreground gets a uniform place.
 * Volumes smaller than the patch are centred in it.
 */
export function placePatch(
  subjects: readonly PreparedSubject[],
  random: Random,
  options: PlacementOptions,
): Placement {
  const subject = random.integer(subjects.length);
  const chosen = subjects[subject]!;
  const label = random.integer(chosen.labels.length);
  const wantsForeground = random.chance(options.foregroundShare);
  const classes = (chosen.foreground[label] ?? []).filter((list) => list.length > 0);
  const shape = tensorShapeOf(chosen.dims);
  if (!wantsForeground || classes.length === 0) {
    const start = mapTriple((axis) => uniformStart(random, options.patch[axis]!, shape[axis]!));
    return { subject, label, start };
  }
  const list = random.pick(classes);
  const voxel = list[random.integer(list.length)]!;
  const centre = [
    Math.floor(voxel / (shape[1] * shape[2])),
    Math.floor(voxel / shape[2]) % shape[1],
    voxel % shape[2],
  ];
  const start = mapTriple((axis) => centredStart(centre[axis]!, options.patch[axis]!, shape[axis]!));
  return { subject, label, start };
}

function uniformStart(random: Random, patch: number, size: number): number {
  // Drawn in any case, so that the same words are used for volumes of all sizes.
  const drawn = random.integer(Math.max(1, size - patch + 1));
  return size >= patch ? drawn : smallStart(patch, size);
}

function centredStart(centre: number, patch: number, size: number): number {
  if (size < patch) return smallStart(patch, size);
  return Math.min(size - patch, Math.max(0, centre - Math.floor(patch / 2)));
}

function smallStart(patch: number, size: number): number {
  return -Math.floor((patch - size) / 2);
}

function mapTriple(value: (axis: 0 | 1 | 2) => number): Triple {
  return [value(0), value(1), value(2)];
}
