/** @file Batches: shapes, augmentation, extra inputs, and that any thread makes the same bits. */
import { describe, expect, it } from 'vitest';
import type { PreparedSubject } from '../../src/dataset/prepared-subject.ts';
import type { Augmentation, Sampling } from '../../src/recipe/recipe.ts';
import { type Batch, makeBatch } from '../../src/sampling/batch.ts';
import { openBatchQueue } from '../../src/sampling/node/batch-queue.ts';
import { ballSubject, makeSubject, sampling } from './subjects.ts';

const ball = ballSubject([20, 18, 16], 1);

function batch(changes: Partial<Sampling> = {}, subject: PreparedSubject = ball, index = 0): Batch {
  const source = { subjects: [subject], sampling: sampling(changes), divideByMaximum: false, seed: 9 };
  return makeBatch(source, index);
}

const all: readonly Augmentation[] = [
  { kind: 'flip', axes: [0, 1, 2] },
  { kind: 'rotate', chance: 1, maxDegrees: 20 },
  { kind: 'scale', chance: 1, min: 0.8, max: 1.2 },
  { kind: 'elastic', chance: 1, gridVoxels: 4, deviationVoxels: 1 },
  { kind: 'gamma', chance: 1, min: 0.7, max: 1.5 },
  { kind: 'noise', chance: 1, maxDeviation: 0.1 },
  { kind: 'biasField', chance: 1, strength: 0.3 },
  { kind: 'blur', chance: 1, maxSigmaVoxels: 1 },
  { kind: 'brightness', chance: 1, maxShift: 0.1, maxScale: 0.1 },
];

describe('a batch', () => {
  it('is the patch as it lies in the volume: the fastest tensor axis is i', () => {
    const coded = makeSubject(
      [12, 12, 12],
      (i, j, k) => i + 100 * j + 10_000 * k,
      (i) => (i > 5 ? 1 : 0),
    );
    const { image, label } = batch({ patchSize: [2, 3, 4], batchSize: 1 }, coded);
    expect(image![1]! - image![0]!).toBe(1);
    expect(image![4]! - image![0]!).toBe(100);
    expect(image![12]! - image![0]!).toBe(10_000);
    expect([...label!]).toEqual([...image!].map((value) => (value % 100 > 5 ? 1 : 0)));
  });

  it('makes 2-D patches from single slices', () => {
    const { image } = batch({ patchSize: [6, 5], batchSize: 3 }, ball);
    expect(image!.length).toBe(3 * 6 * 5);
  });

  it('reflects volumes smaller than the patch', () => {
    const tiny = makeSubject(
      [3, 3, 3],
      (i, j, k) => 1 + i + 3 * j + 9 * k,
      () => 0,
    );
    const { image } = batch({ patchSize: [8, 8, 8], batchSize: 1 }, tiny);
    expect([...image!].every((value) => value >= 1 && value <= 27)).toBe(true);
  });

  it('divides each patch by its own maximum when asked, and leaves an empty one alone', () => {
    const source = { sampling: sampling({ batchSize: 1 }), divideByMaximum: true, seed: 9 };
    expect(Math.max(...makeBatch({ ...source, subjects: [ball] }, 0).image!)).toBeCloseTo(1, 6);
    const empty = makeSubject(
      [9, 9, 9],
      () => 0,
      () => 0,
    );
    expect(makeBatch({ ...source, subjects: [empty] }, 0).image!.every((value) => value === 0)).toBe(true);
  });

  it('differs from index to index and repeats for the same index', () => {
    expect(batch({ augmentation: [...all] })).toEqual(batch({ augmentation: [...all] }));
    expect(batch({}, ball, 0).image).not.toEqual(batch({}, ball, 1).image);
  });
});

describe('augmentation', () => {
  const neutral: readonly Augmentation[] = [
    { kind: 'rotate', chance: 1, maxDegrees: 0 },
    { kind: 'scale', chance: 1, min: 1, max: 1 },
    { kind: 'elastic', chance: 1, gridVoxels: 4, deviationVoxels: 0 },
    { kind: 'gamma', chance: 1, min: 1, max: 1 },
    { kind: 'noise', chance: 1, maxDeviation: 0 },
    { kind: 'biasField', chance: 1, strength: 0 },
    { kind: 'blur', chance: 1, maxSigmaVoxels: 0 },
    { kind: 'brightness', chance: 1, maxShift: 0, maxScale: 0 },
  ];

  it.each(neutral)('$kind of zero strength changes nothing', (augmentation) => {
    const plain = batch();
    const changed = batch({ augmentation: [augmentation] });
    expect(changed.label).toEqual(plain.label);
    const worst = Math.max(...changed.image!.map((value, i) => Math.abs(value - plain.image![i]!)));
    expect(worst).toBeLessThan(1e-6);
  });

  it.each(all)('$kind changes the image when it is drawn', (augmentation) => {
    const images = [0, 1, 2].map((index) => [
      batch({}, ball, index),
      batch({ augmentation: [augmentation] }, ball, index),
    ]);
    expect(
      images.some(([plain, changed]) => plain!.image!.some((value, i) => value !== changed!.image![i])),
    ).toBe(true);
  });

  it.each(all.slice(0, 4))('$kind moves image and label together', (augmentation) => {
    // The image is its own label, smooth enough that the two can be compared after trilinear and nearest sampling.
    const inside = (i: number, j: number, k: number) =>
      Math.max(0, Math.min(1, 8 - Math.hypot(i - 16, j - 14, k - 15)));
    const same = makeSubject([32, 32, 32], inside, (i, j, k) => (inside(i, j, k) >= 0.5 ? 1 : 0));
    const { image, label } = batch(
      { augmentation: [augmentation], patchSize: [16, 16, 16], foregroundShare: 1 },
      same,
    );
    const clear = [...image!].flatMap((value, i) =>
      value < 0.1 || value > 0.9 ? [Math.round(value) === label![i]] : [],
    );
    const agreeing = clear.filter(Boolean).length / clear.length;
    expect(clear.length).toBeGreaterThan(1000);
    expect(agreeing).toBeGreaterThan(0.99);
  });

  it('leaves the label alone where only intensities change', () => {
    const plain = batch();
    expect(batch({ augmentation: all.slice(4) }).label).toEqual(plain.label);
  });

  it('turns about the centre of the patch, which stays', () => {
    const coded = makeSubject(
      [9, 9, 9],
      (i, j) => i + 10 * j,
      () => 0,
    );
    const turned = batch(
      { patchSize: [9, 9], batchSize: 40, augmentation: [{ kind: 'rotate', chance: 1, maxDegrees: 90 }] },
      coded,
    );
    // Whatever the angle, the centre stays where it is.
    for (let n = 0; n < 40; n++) expect(turned.image![n * 81 + 40]).toBeCloseTo(44, 4);
  });
});

describe('a label projection', () => {
  const line = makeSubject(
    [16, 16, 16],
    () => 0,
    (i, j, k) => (i === j && k === 2 ? 1 : 0),
  );
  const extraInputs = [{ kind: 'labelProjection' as const, input: 'projection', axis: 0 }];

  it('holds the vessels above and below the patch', () => {
    const { projection, image } = batch({ extraInputs, patchSize: [4, 16, 16], batchSize: 2 }, line);
    expect(projection!.length).toBe(2 * 16 * 16);
    const expected = Array.from({ length: 512 }, (_, i) => (Math.floor(i / 16) % 16 === i % 16 ? 1 : 0));
    expect([...projection!]).toEqual(expected);
    expect(image!.length).toBe(2 * 4 * 256);
  });

  it('follows flips', () => {
    const flipped = batch(
      { extraInputs, patchSize: [4, 16, 16], batchSize: 8, augmentation: [{ kind: 'flip', axes: [2] }] },
      line,
    );
    const kinds = new Set(
      Array.from({ length: 8 }, (_, n) => (flipped.projection![n * 256] === 1 ? 'as it was' : 'flipped')),
    );
    expect(kinds).toEqual(new Set(['as it was', 'flipped']));
  });

  it('of a deformed patch is at least what the patch itself shows', () => {
    const augmentation = all.slice(1, 4);
    const { projection, label } = batch(
      { extraInputs, augmentation: [...augmentation], foregroundShare: 1 },
      ball,
    );
    for (let n = 0; n < 2; n++)
      for (let place = 0; place < 64; place++) {
        const own = Math.max(...Array.from({ length: 8 }, (_, d) => label![n * 512 + d * 64 + place]!));
        expect(projection![n * 64 + place]!).toBeGreaterThanOrEqual(own);
      }
  });
});

describe('the batch queue', () => {
  async function take(threads: number, firstBatch: number, count: number): Promise<Batch[]> {
    const source = {
      subjects: [ball, ballSubject([17, 19, 12], 2)],
      sampling: sampling({
        augmentation: [...all],
        extraInputs: [
          {
            kind: 'bsplineGrid',
            input: 'grid',
            controlPoints: [5, 6],
            maxDisplacement: [0.02],
            lockedBorders: 1,
          },
        ],
      }),
      divideByMaximum: false,
      seed: 4,
    };
    const queue = openBatchQueue(source, { firstBatch, threads, ahead: 4 });
    const batches: Batch[] = [];
    for (let i = 0; i < count; i++) batches.push(await queue.next());
    await queue.close();
    return batches;
  }

  it('gives the same bits in the same order for 0, 1 and 3 threads, and from the middle', async () => {
    const inline = await take(0, 0, 7);
    expect(await take(1, 0, 7)).toEqual(inline);
    expect(await take(3, 0, 7)).toEqual(inline);
    expect(await take(2, 3, 4)).toEqual(inline.slice(3));
  });

  it('gives a thread’s error to whoever waits for its batch', async () => {
    const broken = { subjects: [], sampling: sampling(), divideByMaximum: false, seed: 1 };
    const queue = openBatchQueue(broken, { firstBatch: 0, threads: 1, ahead: 2 });
    await expect(queue.next()).rejects.toThrow();
    await queue.close();
  });
});
