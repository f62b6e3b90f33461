/** @file Broken and hostile DICOM: each file gives an image or a typed error, soon, whatever it claims of itself. */
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import { parseDicom } from '../../src/imaging/dicom/data-set.ts';
import { describeImage } from '../../src/imaging/dicom/image.ts';
import { findStacks, readStack } from '../../src/imaging/node/dicom.ts';
import { hasTestData, testData } from '../helpers/test-data.ts';

const memoryLimitBytes = 1e9;

function filesBelow(folder: string): string[] {
  if (!hasTestData) return [];
  const entries = readdirSync(testData(folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(testData('.'), join(entry.parentPath, entry.name)));
}

const corpus = ['malformed/dicom_corpus', 'malformed/dicom_known'].flatMap(filesBelow);

describe.skipIf(!hasTestData)('a malformed file (the test data folder is needed)', () => {
  it.each(corpus)('%s gives an image or a typed error', async (name) => {
    const { stacks, refused } = await findStacks([testData(name)]);
    expect(refused.map(({ error }) => error.code)).not.toContain('BUG');
    for (const stack of stacks) {
      const thrown = await readStack(stack, memoryLimitBytes).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (thrown !== undefined) expect(thrown).toBeInstanceOf(UserError);
    }
  });
});

/** Explicit little-endian elements: tag, VR, value. */
function element(group: number, number: number, vr: string, value: Uint8Array): number[] {
  const long = ['OB', 'OW', 'SQ', 'UN'].includes(vr);
  const size = long
    ? [0, 0, ...new Uint8Array(Uint32Array.of(value.length).buffer)]
    : [...new Uint8Array(Uint16Array.of(value.length).buffer)];
  const tag = new Uint8Array(Uint16Array.of(group, number).buffer);
  return [...tag, ...new TextEncoder().encode(vr), ...size, ...value];
}

const us = (value: number) => new Uint8Array(Uint16Array.of(value).buffer);
const text = (value: string) => new TextEncoder().encode(value.length % 2 === 0 ? value : `${value} `);

/** A grey image of 2 × 2 words, with one element replaced or added. */
function image(change: Record<string, number[]> = {}): Uint8Array {
  const elements: Record<string, number[]> = {
    '0002,0010': element(2, 0x10, 'UI', text('1.2.840.10008.1.2.1\0')),
    '0028,0002': element(0x28, 2, 'US', us(1)),
    '0028,0008': element(0x28, 8, 'IS', text('1')),
    '0028,0010': element(0x28, 0x10, 'US', us(2)),
    '0028,0011': element(0x28, 0x11, 'US', us(2)),
    '0028,0100': element(0x28, 0x100, 'US', us(16)),
    '0028,0101': element(0x28, 0x101, 'US', us(16)),
    '7fe0,0010': element(0x7fe0, 0x10, 'OW', new Uint8Array(8)),
    ...change,
  };
  const body = Object.keys(elements)
    .sort()
    .flatMap((tag) => elements[tag]!);
  return Uint8Array.from([...new Uint8Array(128), ...new TextEncoder().encode('DICM'), ...body]);
}

function outcome(bytes: Uint8Array): string {
  try {
    return `${describeImage(parseDicom(bytes, 'file.dcm')).frames.length} frames`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.code} ${error.field ?? ''}`.trim();
  }
}

describe('a header', () => {
  it.each<[string, Record<string, number[]>, string]>([
    ['that is sound', {}, '1 frames'],
    ['of no rows', { '0028,0010': element(0x28, 0x10, 'US', us(0)) }, 'DICOM_FIELD Rows (0028,0010)'],
    ['without rows', { '0028,0010': [] }, 'DICOM_FIELD Rows (0028,0010)'],
    [
      'of more frames than pixels',
      { '0028,0008': element(0x28, 8, 'IS', text('1000000')) },
      'DICOM_FIELD NumberOfFrames (0028,0008)',
    ],
    [
      'of minus one frames',
      { '0028,0008': element(0x28, 8, 'IS', text('-1')) },
      'DICOM_FIELD NumberOfFrames (0028,0008)',
    ],
    [
      'of 65,535 rows',
      { '0028,0010': element(0x28, 0x10, 'US', us(65_535)) },
      'DICOM_FIELD NumberOfFrames (0028,0008)',
    ],
    [
      'of 7 bits',
      { '0028,0100': element(0x28, 0x100, 'US', us(7)) },
      'DICOM_FIELD BitsAllocated (0028,0100)',
    ],
    [
      'of four samples',
      { '0028,0002': element(0x28, 2, 'US', us(4)) },
      'DICOM_FIELD SamplesPerPixel (0028,0002)',
    ],
    ['without pixels', { '7fe0,0010': [] }, 'DICOM_NO_IMAGE'],
  ])('%s is understood or refused by its field', (_what, change, expected) => {
    expect(outcome(image(change))).toBe(expected);
  });

  it.each([1, 40, 140, 160, 200])('cut off after %i bytes is refused', (length) => {
    expect(outcome(image().subarray(0, length))).toMatch(/^DICOM_/);
  });
});
