/** @file What sets runs apart. */
import { describe, expect, it } from 'vitest';
import { differingRows, settingRows } from '../../../../src/renderer/features/train/settings-diff.ts';

const runs = [
  { settings: { epochs: 5, net: 'unet', flips: true } },
  { settings: { epochs: 5, net: 'attention', flips: true, mip: 'off' } },
];

describe('settings of several runs', () => {
  it('that differ are listed, also those that one run does not have', () => {
    expect(differingRows(runs)).toEqual([
      { name: 'net', values: ['unet', 'attention'] },
      { name: 'mip', values: [undefined, 'off'] },
    ]);
  });

  it('are all listed on request, each once', () => {
    expect(settingRows(runs).map(({ name }) => name)).toEqual(['epochs', 'net', 'flips', 'mip']);
  });

  it('of runs that are alike do not differ', () => {
    expect(differingRows([runs[0]!, { settings: { ...runs[0]!.settings } }])).toEqual([]);
  });

  it('tell 1 from true and from "1"', () => {
    expect(differingRows([{ settings: { a: 1 } }, { settings: { a: '1' } }])).toHaveLength(1);
  });
});
