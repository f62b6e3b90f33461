/** @file Checks that the volumes of one subject fit together, before anything is learnt from them. */
import { isSameGrid } from '../imaging/grid.ts';
import { type Volume, valuesOf } from '../imaging/volume.ts';
import type { Notice, NoticeCode, Notices } from './notices.ts';
import type { ClassValues } from './prepared-subject.ts';

export interface SubjectVolumes {
  readonly id: string;
  /** One per channel. */
  readonly images: readonly Volume[];
  /** By rater. */
  readonly labels: ReadonlyMap<string, Volume>;
}

/** Adds what is wrong to `notices`; false when the subject cannot be trained on. */
export function checkSubject(volumes: SubjectVolumes, classValues: ClassValues, notices: Notices): boolean {
  const placed = checkGrids(volumes);
  const isUsable = !placed.some(({ severity }) => severity === 'unusable');
  const found = isUsable ? [...placed, ...checkValues(volumes, classValues)] : placed;
  for (const notice of found) notices.add({ ...notice, subject: volumes.id });
  return isUsable;
}

function checkGrids({ images, labels }: SubjectVolumes): Notice[] {
  const parts = [
    ...images.map((volume, index) => [`channel ${index + 1}`, volume] as const),
    ...[...labels].map(([rater, volume]) => [`the label map (${rater})`, volume] as const),
  ];
  return parts.flatMap(([name, volume]) => {
    const found: Notice[] = [];
    const problem = gridProblem(images[0]!, volume);
    if (problem !== undefined)
      found.push(unusable('GRIDS_DIFFER', `The grid of ${name} is not that of channel 1: ${problem}.`));
    if (volume.components !== 1)
      found.push(
        unusable('NOT_ONE_VOLUME', `A voxel of ${name} has ${volume.components} components, expected 1.`),
      );
    if (volume.timePoints !== 1)
      found.push(
        warning('NOT_ONE_VOLUME', `Of the ${volume.timePoints} time points of ${name}, the first is used.`),
      );
    return found;
  });
}

function checkValues({ images, labels }: SubjectVolumes, classValues: ClassValues): Notice[] {
  const ofImages = images.flatMap((volume, index) => {
    const count = countNonFinite(valuesOf(volume));
    const text = `Channel ${index + 1} has ${count} voxels that are not finite numbers; they are replaced.`;
    return count > 0 ? [warning('VALUES_NOT_FINITE', text)] : [];
  });
  const ofLabels = [...labels].flatMap(([rater, volume]) => {
    const { fractional, foreground } = describeLabels(valuesOf(volume), classValues);
    const found: Notice[] = [];
    const map = `The label map (${rater})`;
    if (fractional > 0)
      found.push(
        warning(
          'LABELS_NOT_WHOLE',
          `${map} has ${fractional} voxels that are not whole numbers; they are rounded.`,
        ),
      );
    if (foreground === 0)
      found.push(
        warning('NO_FOREGROUND', `${map} has no voxel with the value ${classValues.flat().join(' or ')}.`),
      );
    return found;
  });
  return [...ofImages, ...ofLabels];
}

function unusable(code: NoticeCode, text: string): Notice {
  return { code, severity: 'unusable', text };
}

function warning(code: NoticeCode, text: string): Notice {
  return { code, severity: 'warning', text };
}

/** Undefined when the grids agree to within a twentieth of a voxel edge. */
function gridProblem(a: Volume, b: Volume): string | undefined {
  if (a.dims.join() !== b.dims.join()) return `${b.dims.join(' × ')} voxels, expected ${a.dims.join(' × ')}`;
  const toleranceMm = Math.min(...a.spacingMm) / 20;
  return isSameGrid(a, b, toleranceMm) ? undefined : 'its voxels lie elsewhere in the world (other affine)';
}

function countNonFinite(values: Float32Array): number {
  let count = 0;
  for (const value of values) if (!Number.isFinite(value)) count++;
  return count;
}

function describeLabels(
  values: Float32Array,
  classValues: ClassValues,
): { fractional: number; foreground: number } {
  const classes = new Set(classValues.flat());
  let fractional = 0;
  let foreground = 0;
  for (const value of values) {
    if (value === 0) continue;
    const rounded = Math.round(value);
    // A scaled integer label comes back with rounding noise, which is no fault.
    if (Math.abs(value - rounded) > 1e-3) fractional++;
    if (classes.has(rounded)) foreground++;
  }
  return { fractional, foreground };
}
