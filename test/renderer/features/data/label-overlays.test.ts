/** @file Tests of label maps as overlays. */
import { describe, expect, it } from 'vitest';
import type { VolumeId } from '../../../../src/contract/ids.ts';
import { labelOverlays } from '../../../../src/renderer/features/data/label-overlays.ts';

const label = (rater: string) => ({
  id: `subjects/a/labels/T1/${rater}.nii.gz` as VolumeId,
  rater,
  image: 'subjects/a/images/T1.nii.gz' as VolumeId,
  dims: [8, 8, 8] as [number, number, number],
  spacingMm: [1, 1, 1] as [number, number, number],
  orientation: 'RAS',
  timePoints: 1,
  sizeBytes: 512,
});
const labels = [label('kim'), label('lee'), label('max')];
const names = { '1': 'vessel' };
const shown = (...at: number[]) => new Set(at.map((index) => labels[index]!.id));

describe('labelOverlays', () => {
  it('shows none that is not asked for', () => {
    expect(labelOverlays(labels, { shown: new Set(), names })).toEqual([]);
  });

  it('fills one alone, in the colours of its values', () => {
    const [only, ...rest] = labelOverlays(labels, { shown: shown(1), names });
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ label: 'lee', style: 'both', isVisible: true });
    expect(only?.classes[0]).toEqual({ value: 1, name: 'vessel', colour: '#f0624d' });
  });

  it('outlines several, each rater in another colour that stays when one more is shown', () => {
    const colours = (...at: number[]) =>
      labelOverlays(labels, { shown: shown(...at), names }).map(({ classes }) => classes[0]?.colour);
    expect(new Set(colours(0, 1, 2)).size).toBe(3);
    expect(colours(1, 2)).toEqual(colours(0, 1, 2).slice(1));
    expect(
      labelOverlays(labels, { shown: shown(0, 2), names }).every(({ style }) => style === 'outline'),
    ).toBe(true);
  });
});
