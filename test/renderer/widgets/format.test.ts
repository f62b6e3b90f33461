/** @file Tests of numbers and paths as people read them. */
import { describe, expect, it } from 'vitest';
import {
  bytes,
  dimensionsShort,
  duration,
  metric,
  shortPath,
  spacing,
} from '../../../src/renderer/widgets/format.ts';

it.each([
  { path: '/home/kim', expected: '/home/kim' },
  { path: '/home/kim/study', expected: '/home/kim/study' },
  { path: '/home/kim/Sagitta/Circle of Willis', expected: '…/Sagitta/Circle of Willis' },
  { path: 'C:\\Users\\kim\\Sagitta\\mra', expected: '…\\Sagitta\\mra' },
])('shortens $path', ({ path, expected }) => {
  expect(shortPath(path)).toBe(expected);
});

describe('durations', () => {
  it.each([
    { seconds: 0.2, expected: '1 s' },
    { seconds: 59.4, expected: '59 s' },
    { seconds: 59.6, expected: '1 min' },
    { seconds: 3599, expected: '1 h 00 min' },
    { seconds: 7500, expected: '2 h 05 min' },
  ])('$seconds s reads "$expected"', ({ seconds, expected }) => {
    expect(duration(seconds)).toBe(expected);
  });
});

it('writes sizes in powers of 1000', () => {
  expect([0, 999, 1000, 12_400_000, 345e9].map(bytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '12.4 MB',
    '345 GB',
  ]);
});

it('writes metrics with as many decimals as they deserve, and a dash for none', () => {
  expect([0.91234, 12.345, 1234.5, 0.00001, null, Number.NaN].map(metric)).toEqual([
    '0.912',
    '12.3',
    '1235',
    '1.0e-5',
    '–',
    '–',
  ]);
});

it('writes grids', () => {
  expect(dimensionsShort([256, 256, 180])).toBe('256×256×180');
  expect(spacing([0.898437, 0.9, 1.25])).toBe('0.898 × 0.9 × 1.25 mm');
});
