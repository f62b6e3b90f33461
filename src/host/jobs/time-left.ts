/** @file How long a task still takes, from how far it came in the last minute. */

interface Point {
  readonly done: number;
  readonly atMs: number;
}

/** Long enough that a validation between epochs is in it in its due share, short enough to follow a machine that slows down. */
const windowMs = 60_000;
/** Before that, one slow first step would be taken for the rule. */
const leastMs = 1500;
/** So that thousands of quick steps do not pile up. */
const pointEveryMs = 250;

/** One task of one job. Not responsible for the clock: times are handed in. */
export class TimeLeft {
  private readonly points: Point[] = [];

  /** `done` of `total` at a moment; seconds until `total`, null until it can be told. */
  update({ done, total, atMs }: Point & { readonly total: number }): number | null {
    const points = this.points;
    const newest = points.at(-1);
    // A resumed or repeated task begins anew.
    if (newest !== undefined && done < newest.done) points.length = 0;
    if (points.length < 2 || atMs - newest!.atMs >= pointEveryMs) points.push({ done, atMs });
    while (points.length > 2 && atMs - points[1]!.atMs > windowMs) points.shift();
    const first = points[0]!;
    const elapsedMs = atMs - first.atMs;
    const progressed = done - first.done;
    if (done >= total) return 0;
    if (progressed <= 0 || elapsedMs < leastMs) return null;
    return ((elapsedMs / progressed) * (total - done)) / 1000;
  }
}
