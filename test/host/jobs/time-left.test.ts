/** @file Estimates of the time left, with a clock of their own. */
import { describe, expect, it } from 'vitest';
import { TimeLeft } from '../../../src/host/jobs/time-left.ts';

/** Feeds `count` steps that take `stepMs` each; the last estimate. */
function feed(left: TimeLeft, fields: { from: number; count: number; stepMs: number; startMs: number }) {
  let estimate: number | null = null;
  for (let i = 1; i <= fields.count; i++)
    estimate = left.update({
      done: fields.from + i,
      total: 1000,
      atMs: fields.startMs + i * fields.stepMs,
    });
  return estimate;
}

describe('the time left', () => {
  it('is not told before there is something to go by', () => {
    const left = new TimeLeft();
    expect(left.update({ done: 0, total: 10, atMs: 0 })).toBeNull();
    expect(left.update({ done: 1, total: 10, atMs: 100 })).toBeNull();
    expect(left.update({ done: 2, total: 10, atMs: 2000 })).toBeCloseTo(8);
  });

  it('follows a machine that slows down within a minute', () => {
    const left = new TimeLeft();
    expect(feed(left, { from: 0, count: 100, stepMs: 100, startMs: 0 })).toBeCloseTo(90);
    const slow = feed(left, { from: 100, count: 100, stepMs: 1000, startMs: 10_000 });
    expect(slow).toBeGreaterThan(780);
    expect(slow).toBeLessThan(820);
  });

  it('of a task that goes back begins anew, and is 0 at the end', () => {
    const left = new TimeLeft();
    feed(left, { from: 500, count: 100, stepMs: 100, startMs: 0 });
    expect(left.update({ done: 3, total: 1000, atMs: 20_000 })).toBeNull();
    expect(left.update({ done: 1000, total: 1000, atMs: 20_100 })).toBe(0);
  });
});
