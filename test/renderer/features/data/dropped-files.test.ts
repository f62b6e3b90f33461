/** @file Tests of what is made of a drop. */
import { describe, expect, it } from 'vitest';
import {
  type Entry,
  filesWithPaths,
  projectNameFor,
  uniqueName,
  walkEntries,
} from '../../../../src/renderer/features/data/dropped-files.ts';

const file = (name: string): Entry =>
  Object.assign(
    { name, isFile: true, isDirectory: false },
    { file: (done: (file: File) => void) => done(new File([], name)) },
  );

/** Hands its entries over `atOnce` at a time, as Chromium does with 100. */
function folder(name: string, entries: readonly Entry[], atOnce = 100): Entry {
  return Object.assign(
    { name, isFile: false, isDirectory: true },
    {
      createReader: () => {
        let at = 0;
        return {
          readEntries: (done: (some: Entry[]) => void) => {
            done(entries.slice(at, at + atOnce));
            at += atOnce;
          },
        };
      },
    },
  );
}

const paths = async (entries: readonly Entry[]) => (await walkEntries(entries)).map(({ path }) => path);

describe('walkEntries', () => {
  it('walks folders and keeps their paths, in the order of the names as people count', async () => {
    const study = folder('study', [
      folder('sub10', [file('T1.nii.gz')]),
      folder('sub2', [file('T1.nii.gz'), folder('labels', [file('kim.nii.gz')])]),
    ]);
    expect(await paths([study, file('readme.txt')])).toEqual([
      'study/sub2/labels/kim.nii.gz',
      'study/sub2/T1.nii.gz',
      'study/sub10/T1.nii.gz',
      'readme.txt',
    ]);
  });

  it('asks a folder until it has handed over everything', async () => {
    const many = Array.from({ length: 250 }, (_, index) => file(`${index}.dcm`));
    expect(await paths([folder('series', many)])).toHaveLength(250);
  });

  it('leaves out what systems leave behind', async () => {
    const found = await paths([
      folder('a', [file('.DS_Store'), file('._x.nii'), file('x.nii')]),
      folder('__MACOSX', [file('x.nii')]),
      file('Thumbs.db'),
    ]);
    expect(found).toEqual(['a/x.nii']);
  });

  it('rejects when a file cannot be read', async () => {
    const refused = Object.assign(
      { name: 'x', isFile: true, isDirectory: false },
      { file: (_: unknown, refuse: (error: Error) => void) => refuse(new Error('gone')) },
    );
    await expect(walkEntries([refused])).rejects.toThrow('gone');
  });
});

it('takes the path of files that come from a folder field', () => {
  const inFolder = Object.assign(new File([], 'x.nii'), { webkitRelativePath: 'study/x.nii' });
  const plain = Object.assign(new File([], 'y.nii'), { webkitRelativePath: '' });
  const left = Object.assign(new File([], '.DS_Store'), { webkitRelativePath: 'study/.DS_Store' });
  expect(filesWithPaths([inFolder, plain, left]).map(({ path }) => path)).toEqual(['study/x.nii', 'y.nii']);
});

describe('projectNameFor', () => {
  it.each([
    { paths: ['study/sub1/x.nii.gz'], expected: 'study' },
    { paths: ['head.nii.gz'], expected: 'head' },
    { paths: ['/home/kim/Circle of Willis/'], expected: 'Circle of Willis' },
    { paths: ['C:\\data\\mra'], expected: 'mra' },
    { paths: ['Task01 (new)/x'], expected: 'Task01 new' },
    { paths: ['__/x'], expected: 'My study' },
    { paths: [], expected: 'My study' },
  ])('$paths gives "$expected"', ({ paths: given, expected }) => {
    expect(projectNameFor(given)).toBe(expected);
  });
});

it('numbers a name that is taken', () => {
  expect(uniqueName('study', [])).toBe('study');
  expect(uniqueName('study', ['Study', 'study 2'])).toBe('study 3');
});
