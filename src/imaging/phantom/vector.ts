/** @file Three-vectors for growing vessels. */

export type Vector = readonly [number, number, number];

export const plus = (a: Vector, b: Vector, scale = 1): Vector => [
  a[0] + scale * b[0],
  a[1] + scale * b[1],
  a[2] + scale * b[2],
];
export const times = (a: Vector, scale: number): Vector => [scale * a[0], scale * a[1], scale * a[2]];
export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const length = (a: Vector): number => Math.hypot(...a);

export function unit(a: Vector): Vector {
  const size = length(a) || 1;
  return [a[0] / size, a[1] / size, a[2] / size];
}

export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** Turns `direction` by `angleRad` towards `side`, a unit vector at right angles to it. */
export function turnTowards(direction: Vector, side: Vector, angleRad: number): Vector {
  return unit(plus(times(direction, Math.cos(angleRad)), side, Math.sin(angleRad)));
}
