/** @file Rotations as the three numbers b, c, d that a qform stores, and back. Source: nifti1.h, "QUATERNION REPRESENTATION". */
import {
  type Affine,
  affineColumn,
  affineDeterminant,
  affineFromColumns,
  type Point,
  spacingOf,
} from '../geometry/affine.ts';

export interface Qform {
  readonly quaternion: readonly [number, number, number];
  readonly qfac: 1 | -1;
  readonly spacing: Point;
  readonly offset: Point;
}

/** The affine that a qform stands for; undefined when b² + c² + d² is more than 1, which is no rotation. */
export function affineOfQform({ quaternion, qfac, spacing, offset }: Qform): Affine | undefined {
  const [b, c, d] = quaternion;
  const rest = 1 - (b * b + c * c + d * d);
  // Three float32 roundings below zero are still a half turn.
  if (rest < -3 * 2 ** -23) return undefined;
  const a = Math.sqrt(Math.max(0, rest));
  const column = (x: number, y: number, z: number, length: number): Point => [
    x * length,
    y * length,
    z * length,
  ];
  return affineFromColumns(
    column(a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c), spacing[0]),
    column(2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b), spacing[1]),
    column(2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - c * c - b * b, spacing[2] * qfac),
    offset,
  );
}

/** The qform of an affine whose axes are at right angles. */
export function qformOfAffine(rasFromIjk: Affine): Qform {
  const spacing = spacingOf(rasFromIjk);
  const qfac = affineDeterminant(rasFromIjk) < 0 ? -1 : 1;
  const unit = (axis: 0 | 1 | 2): Point => {
    const length = spacing[axis] * (axis === 2 ? qfac : 1);
    const [x, y, z] = affineColumn(rasFromIjk, axis);
    return [x / length, y / length, z / length];
  };
  return {
    quaternion: quaternionOf([unit(0), unit(1), unit(2)]),
    qfac,
    spacing,
    offset: affineColumn(rasFromIjk, 3),
  };
}

/** b, c, d of a proper rotation given by its columns; a is made positive. Divides by the largest of the four, for precision. */
function quaternionOf(columns: readonly [Point, Point, Point]): [number, number, number] {
  const r = (row: 0 | 1 | 2, column: 0 | 1 | 2): number => columns[column][row];
  const trace = r(0, 0) + r(1, 1) + r(2, 2);
  if (trace > 0) {
    const s = 2 * Math.sqrt(trace + 1);
    return [(r(2, 1) - r(1, 2)) / s, (r(0, 2) - r(2, 0)) / s, (r(1, 0) - r(0, 1)) / s];
  }
  const diagonal = [r(0, 0), r(1, 1), r(2, 2)] as const;
  const i = diagonal.indexOf(Math.max(...diagonal)) as 0 | 1 | 2;
  const j = ((i + 1) % 3) as 0 | 1 | 2;
  const k = ((i + 2) % 3) as 0 | 1 | 2;
  const s = 2 * Math.sqrt(Math.max(0, 1 + r(i, i) - r(j, j) - r(k, k)));
  const sign = r(k, j) - r(j, k) < 0 ? -1 : 1;
  const result: [number, number, number] = [0, 0, 0];
  result[i] = (sign * s) / 4;
  result[j] = (sign * (r(j, i) + r(i, j))) / s;
  result[k] = (sign * (r(k, i) + r(i, k))) / s;
  return result;
}
