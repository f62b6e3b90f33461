/** @file Tests of which rows of a long list are drawn. */
import { describe, expect, it } from 'vitest';
import { rowWindow, scrollToRow } from '../../../src/renderer/widgets/windowing.ts';

const list = { rowCount: 1000, rowHeight: 28, viewHeight: 280 };

describe('rowWindow', () => {
  it('draws a short list whole', () => {
    expect(rowWindow({ ...list, rowCount: 200, scrollTop: 900 })).toEqual({
      first: 0,
      end: 200,
      above: 0,
      below: 0,
    });
  });

  it('covers what is seen, and the gaps make up the height of all rows', () => {
    for (const scrollTop of [0, 13, 280, 5000, 27_719, 27_720]) {
      const { first, end, above, below } = rowWindow({ ...list, scrollTop });
      expect(above).toBeLessThanOrEqual(scrollTop);
      expect(end * 28).toBeGreaterThanOrEqual(Math.min(scrollTop + 280, 28_000));
      expect(above + (end - first) * 28 + below).toBe(28_000);
      expect(end - first).toBeLessThanOrEqual(11 + 16);
    }
  });

  it('draws the last rows when scrolled beyond the end', () => {
    expect(rowWindow({ ...list, rowCount: 300, scrollTop: 100_000 })).toMatchObject({ end: 300, below: 0 });
  });
});

describe('scrollToRow', () => {
  it.each([
    { row: 0, scrollTop: 100, expected: 0 },
    { row: 4, scrollTop: 100, expected: 100 },
    { row: 13, scrollTop: 100, expected: 112 },
  ])('moves least for row $row', ({ row, scrollTop, expected }) => {
    expect(scrollToRow({ row, rowHeight: 28, scrollTop, viewHeight: 280 })).toBe(expected);
  });
});
