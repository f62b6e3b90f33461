/** @file Tests of the stack of overlays. */
import { describe, expect, it } from 'vitest';
import type { VolumeId } from '../../../../src/contract/ids.ts';
import type { PredictedMap } from '../../../../src/contract/predictions.ts';
import {
  changeOverlay,
  keepLooks,
  moveOverlay,
  paintClasses,
  predictionOverlays,
  raterOverlays,
  withNewClass,
} from '../../../../src/renderer/features/review/overlay-stack.ts';

const vessel = { value: 1, name: 'vessel', colour: '#ff0000' };

function map(kind: PredictedMap['kind'], range: [number, number] = [0, 1]): PredictedMap {
  return {
    id: `p/${kind}` as VolumeId,
    name: kind,
    label: `The ${kind}`,
    kind,
    unit: '',
    range,
    colourMap: 'magma',
  };
}

describe('the stack that a prediction begins with', () => {
  const stack = predictionOverlays([map('labels'), map('uncertainty', [0, 2]), map('probability')], [vessel]);

  it('has the labels on top and shows only them', () => {
    expect(stack.map(({ kind, isVisible }) => [kind, isVisible])).toEqual([
      ['probability', false],
      ['uncertainty', false],
      ['labels', true],
    ]);
  });

  it('hides a tenth of the range of uncertainty, so that what is sure stays clear', () => {
    expect(stack[1]!.threshold).toBeCloseTo(0.2);
    expect(stack[2]!.threshold).toBeNull();
  });

  it('gives classes to label maps only', () => {
    expect(stack.map(({ classes }) => classes.length)).toEqual([0, 0, 1]);
  });
});

describe('label maps by rater', () => {
  const labels = [
    { id: 'a' as VolumeId, rater: 'anna' },
    { id: 'b' as VolumeId, rater: 'ben' },
  ];

  it('have a colour each, and are outlines', () => {
    const stack = raterOverlays(labels, { names: { 1: 'vessel' }, isVisible: true });
    expect(stack.map(({ style }) => style)).toEqual(['outline', 'outline']);
    expect(stack[0]!.classes[0]!.colour).not.toBe(stack[1]!.classes[0]!.colour);
    expect(stack[0]!.classes[0]!.name).toBe('vessel');
  });

  it('leave the first colour to a prediction that lies beneath', () => {
    const alone = raterOverlays(labels, { names: {}, isVisible: true });
    const beside = raterOverlays(labels, { names: {}, isVisible: false });
    expect(beside[0]!.classes[0]!.colour).toBe(alone[1]!.classes[0]!.colour);
  });
});

describe('going to another case', () => {
  it('keeps order and looks of the maps that the person has changed, under their new ids', () => {
    const before = moveOverlay(
      changeOverlay(predictionOverlays([map('labels'), map('uncertainty')], [vessel]), 'p/uncertainty', {
        isVisible: true,
        opacity: 0.3,
      }),
      0,
      1,
    );
    const next = predictionOverlays([map('labels'), map('uncertainty')], [vessel]).map((overlay) => ({
      ...overlay,
      id: `${overlay.id}-2` as VolumeId,
    }));
    expect(keepLooks(next, before).map(({ id, isVisible, opacity }) => [id, isVisible, opacity])).toEqual([
      ['p/labels-2', true, 0.45],
      ['p/uncertainty-2', true, 0.3],
    ]);
  });

  it('puts maps that were not there before where they would have begun', () => {
    const before = predictionOverlays([map('labels')], [vessel]);
    const next = predictionOverlays([map('labels'), map('image')], [vessel]);
    expect(keepLooks(next, before).map(({ kind }) => kind)).toEqual(['image', 'labels']);
    const more = predictionOverlays([map('labels'), map('uncertainty'), map('image')], [vessel]);
    const turned = moveOverlay(keepLooks(next, before), 0, 1);
    expect(keepLooks(more, turned).map(({ kind }) => kind)).toEqual(['labels', 'image', 'uncertainty']);
  });
});

describe('reordering', () => {
  it.each([
    [0, 2, ['b', 'c', 'a']],
    [2, 0, ['c', 'a', 'b']],
    [1, 9, ['a', 'c', 'b']],
    [1, -4, ['b', 'a', 'c']],
    [1, 1, ['a', 'b', 'c']],
    [7, 0, ['a', 'b', 'c']],
  ])('from %i to %i', (from, to, expected) => {
    expect(moveOverlay(['a', 'b', 'c'], from, to)).toEqual(expected);
  });
});

describe('classes to paint', () => {
  it('are the prediction’s with its colours, and what has a name besides', () => {
    expect(paintClasses({ 1: 'artery', 4: 'vein' }, [vessel])).toEqual([
      { value: 1, name: 'artery', colour: '#ff0000' },
      expect.objectContaining({ value: 4, name: 'vein' }),
    ]);
  });

  it('are one of value 1 when nothing is known, and never more than a byte holds', () => {
    expect(paintClasses({}, []).map(({ value }) => value)).toEqual([1]);
    expect(paintClasses({ 300: 'far' }, [vessel]).map(({ value }) => value)).toEqual([1]);
  });

  it('grow by the lowest value that is free', () => {
    const classes = paintClasses({ 1: 'a', 3: 'c' }, []);
    expect(withNewClass(classes).map(({ value }) => value)).toEqual([1, 2, 3]);
  });
});
