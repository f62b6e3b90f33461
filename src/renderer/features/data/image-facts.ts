/** @file The facts of an image as lines of the inspector. Pure. */
import type { ImageEntry } from '../../../contract/library.ts';
import type { VolumeInfo } from '../../../contract/volumes.ts';
import { bytes, dimensions, spacing } from '../../widgets/format.ts';

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly hint?: string;
}

const directions: Readonly<Record<string, string>> = {
  R: 'right',
  L: 'left',
  A: 'anterior',
  P: 'posterior',
  S: 'superior',
  I: 'inferior',
};

/** "i to left, j to posterior, k to superior" for `LPS`. */
export function orientationWords(letters: string): string {
  return [...letters]
    .map((letter, axis) => `${'ijk'[axis] ?? '?'} to ${directions[letter] ?? letter}`)
    .join(', ');
}

/** A number with at most four digits that count, and a minus sign as wide as a plus. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4))).replace('-', '−');
}

/** What is known at once from the library, and what `info` adds when it has come. */
export function imageFacts(image: ImageEntry, info: VolumeInfo | null): Fact[] {
  const extentMm = image.dims.map((count, axis) => count * image.spacingMm[axis]!);
  const facts: Fact[] = [
    { name: 'Size', value: dimensions(image.dims), hint: 'Voxels along i, j, k' },
    { name: 'Spacing', value: spacing(image.spacingMm) },
    { name: 'Extent', value: `${extentMm.map((mm) => Math.round(mm)).join(' × ')} mm` },
    { name: 'Axes', value: image.orientation, hint: orientationWords(image.orientation) },
  ];
  if (image.timePoints > 1) {
    const step = info && info.timeStepS > 0 ? `, every ${shortNumber(info.timeStepS)} s` : '';
    facts.push({ name: 'Time points', value: `${image.timePoints}${step}` });
  }
  if (info !== null) {
    facts.push({
      name: 'Stored as',
      value: info.components > 1 ? `${info.dtype} × ${info.components}` : info.dtype,
    });
    if (info.slope !== 1 || info.intercept !== 0)
      facts.push({
        name: 'Scaling',
        value: `× ${shortNumber(info.slope)} ${info.intercept < 0 ? '−' : '+'} ${shortNumber(Math.abs(info.intercept))}`,
      });
    if (info.range !== null) facts.push({ name: 'Values', value: info.range.map(shortNumber).join(' to ') });
    facts.push({ name: 'Format', value: info.format });
  }
  facts.push({ name: 'On disk', value: bytes(image.sizeBytes) });
  return facts;
}

/** The first three rows of the affine in mm, three decimals. */
export function affineRows(rasFromIjk: VolumeInfo['rasFromIjk']): string[][] {
  const text = (value: number) =>
    value
      .toFixed(3)
      .replace(/^-(?=0\.0+$)/, '')
      .replace('-', '−');
  return rasFromIjk.slice(0, 3).map((row) => row.map(text));
}
