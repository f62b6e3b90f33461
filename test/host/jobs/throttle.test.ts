/** @file The throttle: first at once, last never lost. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeThrottle } from '../../../src/host/jobs/throttle.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('calls at once, then at most once in a while, and the last time is not lost', () => {
  let calls = 0;
  const throttle = makeThrottle(200, () => calls++);
  for (let i = 0; i < 50; i++) throttle.ask();
  expect(calls).toBe(1);
  vi.advanceTimersByTime(199);
  expect(calls).toBe(1);
  vi.advanceTimersByTime(1);
  expect(calls).toBe(2);
  vi.advanceTimersByTime(1000);
  expect(calls).toBe(2);
});

it('calls now when told so, and then not again for what it has shown', () => {
  let calls = 0;
  const throttle = makeThrottle(200, () => calls++);
  throttle.ask();
  throttle.ask();
  throttle.now();
  vi.advanceTimersByTime(1000);
  expect(calls).toBe(2);
});

it('calls no more when it is stopped', () => {
  let calls = 0;
  const throttle = makeThrottle(200, () => calls++);
  throttle.ask();
  throttle.ask();
  throttle.stop();
  vi.advanceTimersByTime(1000);
  throttle.now();
  expect(calls).toBe(1);
});
