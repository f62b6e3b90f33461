import { describe, expect, it } from 'vitest';
import { axisOrder, collapse, isSameOrder, stridesOf } from '../../../../src/engine/executors/cpu/strides.ts';

describe('orders of axes', () => {
  it('put the channels last, or nothing anywhere else', () => {
    expect(axisOrder(5, 'last')).toEqual([0, 2, 3, 4, 1]);
    expect(axisOrder(5, 'plain')).toEqual([0, 1, 2, 3, 4]);
  });

  it('give steps along logical axes', () => {
    expect(stridesOf([2, 3, 4, 5], 'plain')).toEqual([60, 20, 5, 1]);
    expect(stridesOf([2, 3, 4, 5], 'last')).toEqual([60, 1, 15, 3]);
  });

  it('are the same bytes with one channel, with one position, and without spatial axes', () => {
    expect(isSameOrder([2, 1, 4, 5])).toBe(true);
    expect(isSameOrder([2, 3, 1, 1])).toBe(true);
    expect(isSameOrder([2, 3])).toBe(true);
    expect(isSameOrder([2, 3, 1, 2])).toBe(false);
  });
});

describe('collapsing a loop nest', () => {
  it('joins axes that every operand steps through evenly', () => {
    expect(collapse({ dims: [2, 3, 4], strides: [[12, 4, 1]] })).toEqual({ dims: [24], strides: [[1]] });
  });

  it('keeps axes apart that one operand does not step through evenly', () => {
    const nest = {
      dims: [2, 3, 4],
      strides: [
        [12, 4, 1],
        [24, 4, 1],
      ],
    };
    expect(collapse(nest)).toEqual({
      dims: [2, 12],
      strides: [
        [12, 1],
        [24, 1],
      ],
    });
  });

  it('joins axes along which an operand stands still', () => {
    const nest = {
      dims: [2, 3, 4],
      strides: [
        [12, 4, 1],
        [0, 0, 1],
      ],
    };
    expect(collapse(nest)).toEqual({
      dims: [6, 4],
      strides: [
        [4, 1],
        [0, 1],
      ],
    });
  });

  it('drops axes of size one whatever their step, and leaves one axis at least', () => {
    expect(collapse({ dims: [1, 5, 1], strides: [[99, 1, 7]] })).toEqual({ dims: [5], strides: [[1]] });
    expect(collapse({ dims: [1, 1], strides: [[5, 5]] })).toEqual({ dims: [1], strides: [[1]] });
  });
});
