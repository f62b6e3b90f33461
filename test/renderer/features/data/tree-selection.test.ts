/** @file Tests of selecting rows. */
import { describe, expect, it } from 'vitest';
import {
  keepKnown,
  modeOf,
  noSelection,
  type SelectMode,
  select,
} from '../../../../src/renderer/features/data/tree-selection.ts';

const keys = ['a', 'b', 'c', 'd', 'e'];

function after(...steps: readonly (readonly [SelectMode, string])[]) {
  const end = steps.reduce((state, [mode, key]) => select(state, { key, mode, keys }), noSelection);
  return { active: end.active, selected: [...end.selected].sort().join('') };
}

describe('select', () => {
  it.each([
    { steps: [['one', 'b']], expected: 'b' },
    {
      steps: [
        ['one', 'b'],
        ['one', 'd'],
      ],
      expected: 'd',
    },
    {
      steps: [
        ['one', 'b'],
        ['toggle', 'd'],
      ],
      expected: 'bd',
    },
    {
      steps: [
        ['one', 'b'],
        ['toggle', 'b'],
      ],
      expected: '',
    },
    {
      steps: [
        ['one', 'b'],
        ['range', 'd'],
      ],
      expected: 'bcd',
    },
    {
      steps: [
        ['one', 'd'],
        ['range', 'b'],
        ['range', 'e'],
      ],
      expected: 'de',
    },
    { steps: [['range', 'c']], expected: 'c' },
    {
      steps: [
        ['one', 'b'],
        ['move', 'd'],
      ],
      expected: 'b',
    },
    {
      steps: [
        ['one', 'a'],
        ['toggle', 'c'],
        ['range', 'e'],
      ],
      expected: 'cde',
    },
  ] as { steps: [SelectMode, string][]; expected: string }[])('$steps selects "$expected"', ({
    steps,
    expected,
  }) => {
    const last = steps.at(-1)![1];
    expect(after(...steps)).toEqual({ active: last, selected: expected });
  });
});

describe('keepKnown', () => {
  const selection = { active: 'c', anchor: 'c', selected: new Set(['b', 'c']) };

  it('moves to the neighbour that took the place of the row that is gone', () => {
    expect(keepKnown(selection, { before: keys, now: ['a', 'b', 'd', 'e'] })).toEqual({
      active: 'd',
      anchor: 'd',
      selected: new Set(['b']),
    });
  });

  it('goes to the last row when the end is gone, and to none when all are', () => {
    expect(keepKnown(selection, { before: keys, now: ['a'] }).active).toBe('a');
    expect(keepKnown(selection, { before: keys, now: [] })).toEqual({
      active: null,
      anchor: null,
      selected: new Set(),
    });
  });

  it('changes nothing while all are there', () => {
    expect(keepKnown(selection, { before: keys, now: keys })).toBe(selection);
  });
});

it('shift asks for a range, ctrl and cmd for a toggle', () => {
  const held = { shiftKey: false, ctrlKey: false, metaKey: false };
  expect(modeOf(held)).toBe('one');
  expect(modeOf({ ...held, metaKey: true })).toBe('toggle');
  expect(modeOf({ ...held, ctrlKey: true, shiftKey: true })).toBe('range');
});
