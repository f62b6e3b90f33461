/** @file Arithmetic of curves, apart from drawing: smoothing, what lies under the pointer, one table for curves of different steps. */

export type Values = readonly (number | null)[];

export interface Points {
  /** Ascending. */
  readonly x: readonly number[];
  readonly y: Values;
}

/**
 * Weighted mean of neighbours on both sides, whose weight falls to 1/e over `span` points; 0 leaves the curve as it is. Being symmetric
 * it does not lag behind a falling curve as a running mean does. Weights are those of points with a value; null stays null.
 */
export function smooth(values: Values, span: number): (number | null)[] {
  if (span <= 0) return [...values];
  const keep = Math.exp(-1 / span);
  const sums = new Float64Array(values.length);
  const weights = new Float64Array(values.length);
  const add = (order: (index: number) => number) => {
    let sum = 0;
    let weight = 0;
    for (let index = 0; index < values.length; index++) {
      const at = order(index);
      const value = values[at]!;
      sum = keep * sum + (isValue(value) ? value : 0);
      weight = keep * weight + (isValue(value) ? 1 : 0);
      sums[at]! += sum;
      weights[at]! += weight;
    }
  };
  add((index) => index);
  add((index) => values.length - 1 - index);
  // The point itself is in both passes.
  return values.map((value, index) =>
    isValue(value) ? (sums[index]! - value) / (weights[index]! - 1) : null,
  );
}

const isValue = (value: number | null): value is number => value !== null && Number.isFinite(value);

/** Points that can be drawn: with a value, and above zero on a logarithmic scale. */
export function drawable({ x, y }: Points, isLog: boolean): { x: number[]; y: number[] } {
  const kept = { x: [] as number[], y: [] as number[] };
  for (const [index, value] of y.entries()) {
    if (!isValue(value) || (isLog && value <= 0)) continue;
    kept.x.push(x[index]!);
    kept.y.push(value);
  }
  return kept;
}

/** Index of the entry of ascending `x` that is nearest to `at`; -1 when there is none. The earlier one on a tie. */
export function nearestIndex(x: readonly number[], at: number): number {
  if (x.length === 0) return -1;
  let low = 0;
  let high = x.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low > 0 && at - x[low - 1]! <= x[low]! - at ? low - 1 : low;
}

/** Curves over the union of their x: a row of x, then a row each; undefined where a curve has no point, so that it is drawn through. */
export function alignCurves(curves: readonly Points[]): [number[], ...(number | undefined)[][]] {
  const x = [...new Set(curves.flatMap((curve) => curve.x))].sort((a, b) => a - b);
  const place = new Map(x.map((value, index) => [value, index]));
  const rows = curves.map((curve) => {
    const row: (number | undefined)[] = new Array(x.length).fill(undefined);
    for (const [index, at] of curve.x.entries()) row[place.get(at)!] = curve.y[index] ?? undefined;
    return row;
  });
  return [x, ...rows];
}

const colourCount = 6;

/** Name of the theme's colour for a curve, from 0; they repeat. */
export function curveColour(colour: number): string {
  return `--curve-${(colour % colourCount) + 1}`;
}
