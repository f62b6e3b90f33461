/** @file The check list of training, from libraries of real files' facts. */
import { describe, expect, it } from 'vitest';
import type { VolumeId } from '../../../src/contract/ids.ts';
import type { ImageEntry, Library, LibrarySubject } from '../../../src/contract/library.ts';
import type { Check, TrainRequest } from '../../../src/contract/queue.ts';
import { checkTraining } from '../../../src/host/jobs/check-training.ts';
import type { LibraryService } from '../../../src/host/services.ts';
import { pluginList, tinyTraining } from './make-queue.ts';

interface ImageFields {
  readonly name?: string;
  readonly raters?: readonly string[];
  readonly labelDims?: readonly [number, number, number];
  readonly timePoints?: number;
}

function image(
  subject: string,
  { name = 'T1', raters = ['reference'], labelDims = [32, 32, 32], timePoints = 1 }: ImageFields,
): ImageEntry {
  const facts = { spacingMm: [1, 1, 1] as [number, number, number], orientation: 'RAS', sizeBytes: 1 };
  const id = `subjects/${subject}/images/${name}.nii.gz` as VolumeId;
  const labels = raters.map((rater) => ({
    ...facts,
    id: `subjects/${subject}/labels/${name}/${rater}.nii.gz` as VolumeId,
    dims: [...labelDims] as [number, number, number],
    timePoints: 1,
    rater,
    image: id,
  }));
  return { ...facts, id, name, dims: [32, 32, 32], timePoints, labels };
}

const subject = (name: string, ...images: readonly ImageFields[]): LibrarySubject => ({
  name,
  images: (images.length === 0 ? [{}] : images).map((fields) => image(name, fields)),
});

const four = ['a', 'b', 'c', 'd'].map((name) => subject(name));

async function check(
  subjects: readonly LibrarySubject[],
  {
    labelNames = { 1: 'vessel' },
    ...request
  }: Partial<TrainRequest> & Pick<Partial<Library>, 'labelNames'> = {},
): Promise<Map<string, Check>> {
  const list = () => Promise.resolve({ revision: 1, subjects: [...subjects], labelNames });
  // Only the list is asked for.
  const library = { list } as Partial<LibraryService> as LibraryService;
  const checks = await checkTraining({ ...tinyTraining, ...request }, { library, listPlugins: pluginList });
  return new Map(checks.map((one) => [one.id, one]));
}

const states = (checks: ReadonlyMap<string, Check>) =>
  Object.fromEntries([...checks].map(([id, { state }]) => [id, state]));

describe('the check list', () => {
  it('is good for four subjects with label maps', async () => {
    const checks = await check(four);
    expect(new Set(Object.values(states(checks)))).toEqual(new Set(['good']));
    expect(checks.get('subjects')!.text).toBe('4 subjects with image and label map.');
    expect(checks.get('channels')!.text).toBe('Image: T1.');
    expect(checks.get('time')!.text).toMatch(/^Quick: /);
  });

  it.each([
    { count: 0, state: 'missing', text: 'None of the 0 chosen subjects has a label map.' },
    { count: 1, state: 'warning', text: '1 subject with image and label map.' },
    { count: 3, state: 'warning', text: '3 subjects with image and label map.' },
  ])('says $state for $count subjects', async ({ count, state, text }) => {
    expect((await check(four.slice(0, count))).get('subjects')).toMatchObject({ state, text });
  });

  it('names the method that is missing, the preset, and each setting at fault', async () => {
    expect(states(await check(four, { plugin: 'none' }))).toMatchObject({ plugin: 'missing' });
    expect(states(await check(four, { preset: 'none' }))).toMatchObject({ preset: 'missing' });
    const checks = await check(four, { settings: { levels: 99, epochs: 0, mip: 'multi' } });
    expect(states(checks)).toMatchObject({ 'setting.levels': 'missing', 'setting.epochs': 'missing' });
    expect(checks.has('setting.mip')).toBe(false);
  });

  it('counts only subjects whose label maps have the voxels of their images', async () => {
    const checks = await check([...four, subject('odd', { labelDims: [32, 32, 30] })]);
    expect(checks.get('subjects')).toMatchObject({
      state: 'good',
      text: '4 of 5 subjects with image and label map.',
    });
    expect(checks.get('grids')!.text).toContain(
      'odd: images and label maps have different voxels (32 × 32 × 30',
    );
    const none = await check([subject('odd', { labelDims: [32, 32, 30] })]);
    expect(none.get('subjects')).toMatchObject({ state: 'missing' });
  });

  it('says which images are channels, and which are left out', async () => {
    const both = ['a', 'b', 'c', 'd'].map((name) => subject(name, {}, { name: 'T2', raters: [] }));
    expect((await check(both)).get('channels')).toMatchObject({ state: 'good', text: 'Channels: T1, T2.' });
    const some = [...both, subject('e')];
    expect((await check(some)).get('channels')).toMatchObject({
      state: 'warning',
      text: 'Image: T1. Not every subject has T2; left out.',
    });
  });

  it('says how several raters are learnt from, and that of a series the first time point is used', async () => {
    const anna = ['a', 'b', 'c', 'd'].map((name) =>
      subject(name, { raters: ['anna', 'ben'], timePoints: 5 }),
    );
    const checks = await check(anna);
    expect(checks.get('raters')!.text).toBe(
      'Label maps by anna, ben: each patch takes one of them by chance where there is no "reference".',
    );
    expect(checks.get('series')).toMatchObject({ state: 'warning' });
  });

  it('minds names of labels and the device', async () => {
    const checks = await check(four, { labelNames: {}, device: 'gpu' });
    expect(states(checks)).toMatchObject({ labelNames: 'warning', device: 'missing' });
  });

  it('looks at the chosen subjects only', async () => {
    const checks = await check(four, { subjects: ['b'] });
    expect(checks.get('subjects')).toMatchObject({
      state: 'warning',
      text: '1 subject with image and label map.',
    });
  });
});
