/** @file Tests of the words of the status line, the windows and names of files. */
import { describe, expect, it } from 'vitest';
import { placeText, valueText, voxelText } from '../../../../src/renderer/features/review/readout-text.ts';
import { fileName } from '../../../../src/renderer/features/review/save-blob.ts';
import {
  automaticWindow,
  canUse,
  windowPresets,
} from '../../../../src/renderer/features/review/window-presets.ts';

describe('the status line', () => {
  it('names the side by a letter instead of a sign', () => {
    expect(placeText([12.34, -4, 0])).toBe('R 12.3 · P 4.0 · S 0.0 mm');
    expect(placeText([-1, 2, -3])).toBe('L 1.0 · A 2.0 · I 3.0 mm');
  });

  it('calls what rounds to nothing by the positive side', () => {
    expect(placeText([-0.04, -0.04, -0.04])).toBe('R 0.0 · A 0.0 · S 0.0 mm');
  });

  it('writes true minus signs, units, and what has no value', () => {
    expect(voxelText([-1, 20, 3])).toBe('\u22121, 20, 3');
    expect(valueText(-1024, 'HU')).toBe('\u22121024 HU');
    expect(valueText(0.123456, '')).toBe('0.1235');
    expect(valueText(null, 'HU')).toBe('outside');
    expect(valueText(Number.NaN, '')).toBe('not a number');
  });
});

describe('windows', () => {
  const named = (name: string) => windowPresets.find((preset) => preset.name === name)!;

  it('have the ends that their levels and widths mean', () => {
    expect(named('CT brain').window).toEqual([0, 80]);
    expect(named('CT lung').window).toEqual([-1350, 150]);
    expect(named('CT bone').window).toEqual([-500, 1300]);
  });

  it('are offered only where they meet the values of the image', () => {
    const unit = { window: null, range: [-3000, -2000] as const };
    expect(canUse(named('CT brain'), unit)).toBe(false);
    expect(canUse(named('Automatic'), unit)).toBe(true);
    expect(canUse(named('CT brain'), { window: null, range: null })).toBe(true);
  });

  it('are automatic by what the host proposes, else by the range', () => {
    expect(automaticWindow({ window: [1, 2], range: [0, 9] })).toEqual([1, 2]);
    expect(automaticWindow({ window: null, range: [0, 9] })).toEqual([0, 9]);
    expect(automaticWindow({ window: null, range: null })).toEqual([0, 1]);
  });
});

it('names a picture’s file safely everywhere', () => {
  expect(fileName(['sub 01', '', 'T1/axial'], 'png')).toBe('sub_01_T1_axial.png');
});
