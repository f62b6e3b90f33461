/** @file The status line under the pictures, in words: place, voxel, value. */
import type { Readout } from '../../viewer/types.ts';

const minus = '\u2212';

/** A true minus sign, so that signs line up and are not taken for dashes. */
function signed(text: string): string {
  return text.replace('-', minus);
}

/** "R 12.3 · A 4.0 · I 55.1 mm": the letter says the direction, so no sign is needed. */
export function placeText(pointRas: Readout['pointRas']): string {
  const letters = [
    ['R', 'L'],
    ['A', 'P'],
    ['S', 'I'],
  ] as const;
  const parts = pointRas.map((mm, axis) => {
    const text = Math.abs(mm).toFixed(1);
    return `${letters[axis]![mm < 0 && text !== '0.0' ? 1 : 0]} ${text}`;
  });
  return `${parts.join(' · ')} mm`;
}

/** "120, 33, 45". */
export function voxelText(ijk: Readout['ijk']): string {
  return signed(ijk.join(', '));
}

/** With as many digits as are of use: whole numbers as they are, others with four that count. */
export function valueText(value: number | null, unit: string): string {
  if (value === null) return 'outside';
  if (!Number.isFinite(value)) return 'not a number';
  const number = Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  return signed(unit === '' ? number : `${number} ${unit}`);
}
