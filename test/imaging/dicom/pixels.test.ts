/** @file Pixels of every transfer syntax against what pydicom, GDCM, OpenJPEG and DCMTK decode from the same files. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseDicom } from '../../../src/imaging/dicom/data-set.ts';
import { describeImage } from '../../../src/imaging/dicom/image.ts';
import { frameValues, type StoredValues } from '../../../src/imaging/dicom/node/pixels.ts';
import { hasTestData, testData } from '../../helpers/test-data.ts';

interface Expected {
  readonly ts: string;
  readonly pi: string;
  readonly stored?: { readonly sha256_le: string };
}

/** Colours are turned into RGB here, the reference keeps them as stored; they are compared below. */
const isTurnedIntoRgb = ({ pi }: Expected) => pi.startsWith('YBR') || pi === 'PALETTE COLOR';
/** The reference keeps rubbish in unused bits; PS3.5 8.1.1 says that they are not part of the value. */
const hasDirtyBits = (name: string) => name.includes('12bitSigned_0x0F0F');

const expected: [string, Expected][] = hasTestData
  ? Object.entries(
      JSON.parse(readFileSync(testData('expected.json'), 'utf8')) as Record<string, Expected>,
    ).filter(([name, row]) => name.startsWith('dicom/') && row.stored !== undefined)
  : [];
const comparable = expected.filter(([name, row]) => !isTurnedIntoRgb(row) && !hasDirtyBits(name));

async function allFrames(name: string): Promise<StoredValues[]> {
  const content = readFileSync(testData(name));
  const file = parseDicom(name.endsWith('.gz') ? gunzipSync(content) : content, name);
  const image = describeImage(file);
  return Promise.all(image.frames.map((_, index) => frameValues(file, image, index)));
}

function hashOf(frames: readonly StoredValues[]): string {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of frames)
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}

const { colours } = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/series.json'), 'utf8')) as {
  colours: Record<string, { mean: number[]; sample: number[] }>;
};

describe.skipIf(!hasTestData)('pixels (the test data folder is needed)', () => {
  it.each(comparable)('of %s are those of the reference decoders', async (name, row) => {
    expect(hashOf(await allFrames(name))).toBe(row.stored!.sha256_le);
  });

  it('cover every transfer syntax of the table', () => {
    const syntaxes = new Set(comparable.map(([, { ts }]) => ts));
    const compressed = [
      '5',
      '4.50',
      '4.51',
      '4.53',
      '4.55',
      '4.57',
      '4.70',
      '4.80',
      '4.81',
      '4.90',
      '4.91',
      '4.201',
    ];
    expect(compressed.filter((end) => !syntaxes.has(`1.2.840.10008.1.2.${end}`))).toEqual([]);
  });

  it('clear bits above the stored ones and extend the sign', async () => {
    const [values] = await allFrames('dicom/codecs/12bitSigned_0x0F0F.dcm');
    const most = (values as Int16Array).reduce((a, b) => Math.max(a, b));
    const least = (values as Int16Array).reduce((a, b) => Math.min(a, b));
    expect(most).toBeLessThan(2 ** 11);
    expect(least).toBeGreaterThanOrEqual(-(2 ** 11));
  });

  it.each(Object.entries(colours))('of %s become the RGB that pydicom gives', async (name, {
    mean,
    sample,
  }) => {
    const [values] = await allFrames(`dicom/${name}`);
    const count = values!.length / 3;
    const means = [0, 1, 2].map((c) => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += values![3 * i + c]!;
      return sum / count;
    });
    means.forEach((value, c) => {
      expect(Math.abs(value - mean[c]!)).toBeLessThan(0.6);
    });
    const at = 3 * (1234 % count);
    sample.forEach((value, c) => {
      expect(Math.abs(values![at + c]! - value)).toBeLessThanOrEqual(1);
    });
  });
});
