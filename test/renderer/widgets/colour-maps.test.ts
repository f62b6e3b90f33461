/** @file Tests of the colour maps. */
import { describe, expect, it } from 'vitest';
import {
  colourAt,
  colourMapNames,
  colourMapOf,
  colourStops,
} from '../../../src/renderer/widgets/colour-maps.ts';

/** Relative luminance of sRGB, as WCAG 2 defines it. */
function luminance([red, green, blue]: readonly number[]): number {
  const linear = (value: number) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(red!) + 0.7152 * linear(green!) + 0.0722 * linear(blue!);
}

describe('colour maps', () => {
  it.each(colourMapNames)('%s has seventeen stops and grows brighter all the way', (name) => {
    expect(colourStops(name)).toHaveLength(17);
    const bright = Array.from({ length: 101 }, (_, index) => luminance(colourAt(name, index / 100)));
    for (const [index, value] of bright.entries())
      if (index > 0) expect(value).toBeGreaterThanOrEqual(bright[index - 1]! - 1e-3);
    expect(bright.at(-1)! - bright[0]!).toBeGreaterThan(0.45);
  });

  it('meets the published ends of magma, and holds them beyond 0 and 1', () => {
    expect(colourAt('magma', -1)).toEqual([0, 0, 4]);
    expect(colourAt('magma', 2)).toEqual([252, 253, 191]);
  });

  it('knows both spellings of grey, and shows what it does not know as magma', () => {
    expect([colourMapOf('gray'), colourMapOf('grey'), colourMapOf('classes')]).toEqual([
      'grey',
      'grey',
      'magma',
    ]);
  });
});
