/** @file Tables that spreadsheets read as they are meant. */
import { describe, expect, it } from 'vitest';
import { csv } from '../../../src/host/exports/csv.ts';

describe('a table', () => {
  it('quotes what needs it, leaves numbers plain, and what is missing empty', () => {
    expect(
      csv([
        ['a', 'b "c"', 'd,e', 'f\ng'],
        [1.5, -2e-9, null, Number.NaN],
      ]),
    ).toBe('a,"b ""c""","d,e","f\ng"\r\n1.5,-2e-9,,\r\n');
  });

  it.each([
    '=1+2',
    '+1',
    '-1',
    '@SUM(A1)',
    '\tx',
    '=HYPERLINK("http://x","y")',
  ])('makes no formula of %j', (text) => {
    expect(csv([[text]])).toMatch(/^"?'/);
  });
});
