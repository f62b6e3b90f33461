/** @file Tests of the library as rows of a tree. */
import { describe, expect, it } from 'vitest';
import type { VolumeId } from '../../../../src/contract/ids.ts';
import type { ImageEntry, LibrarySubject } from '../../../../src/contract/library.ts';
import {
  libraryRows,
  librarySummary,
  subjectKey,
  volumesOf,
} from '../../../../src/renderer/features/data/library-rows.ts';

const facts = (id: string) => ({
  id: id as VolumeId,
  dims: [8, 9, 10] as [number, number, number],
  spacingMm: [1, 1, 2] as [number, number, number],
  orientation: 'RAS',
  timePoints: 1,
  sizeBytes: 720,
});

function image(subject: string, name: string, raters: readonly string[] = []): ImageEntry {
  const id = `subjects/${subject}/images/${name}.nii.gz`;
  return {
    ...facts(id),
    name,
    labels: raters.map((rater) => ({
      ...facts(`subjects/${subject}/labels/${name}/${rater}.nii.gz`),
      rater,
      image: id as VolumeId,
    })),
  };
}

const anna: LibrarySubject = {
  name: 'anna',
  images: [image('anna', 'T1', ['kim', 'lee']), image('anna', 'T2')],
};
const ben: LibrarySubject = { name: 'ben', images: [image('ben', 'T1')] };
const empty: LibrarySubject = { name: 'empty', images: [] };
const library = { subjects: [anna, ben, empty] };

const outline = (rows: ReturnType<typeof libraryRows>) =>
  rows.map((row) => {
    const name =
      row.kind === 'subject' ? row.subject.name : row.kind === 'image' ? row.image.name : row.label.rater;
    return `${' '.repeat(row.level - 1)}${name} ${row.position}/${row.siblingCount}`;
  });

describe('libraryRows', () => {
  it('lists subjects, images and raters with their place among siblings', () => {
    expect(outline(libraryRows(library))).toEqual([
      'anna 1/3',
      ' T1 1/2',
      '  kim 1/2',
      '  lee 2/2',
      ' T2 2/2',
      'ben 2/3',
      ' T1 1/1',
      'empty 3/3',
    ]);
  });

  it('says of rows without children neither open nor closed', () => {
    const rows = libraryRows(library);
    expect(rows.filter(({ isOpen }) => isOpen === undefined).map(({ level }) => level)).toEqual([
      3, 3, 2, 2, 1,
    ]);
  });

  it('hides what is under a closed row', () => {
    const toggled = new Set([subjectKey('anna')]);
    expect(outline(libraryRows(library, { toggled }))).toEqual([
      'anna 1/3',
      'ben 2/3',
      ' T1 1/1',
      'empty 3/3',
    ]);
  });

  it('begins closed when there are many subjects, and opens the one that is toggled', () => {
    const subjects = Array.from({ length: 60 }, (_, index) => ({
      name: `s${index}`,
      images: [image(`s${index}`, 'T1')],
    }));
    expect(libraryRows({ subjects })).toHaveLength(60);
    expect(libraryRows({ subjects }, { toggled: new Set([subjectKey('s3')]) })).toHaveLength(61);
  });

  it('finds by subject, image and rater, all words at once, open even where it was closed', () => {
    const toggled = new Set([subjectKey('anna')]);
    expect(outline(libraryRows(library, { search: 'LEE t1', toggled }))).toEqual([
      'anna 1/1',
      ' T1 1/1',
      '  kim 1/2',
      '  lee 2/2',
    ]);
    expect(outline(libraryRows(library, { search: 'ben' }))).toEqual(['ben 1/1', ' T1 1/1']);
    expect(libraryRows(library, { search: 'nobody' })).toEqual([]);
  });

  it('keeps keys unique', () => {
    const keys = libraryRows(library).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('librarySummary', () => {
  it.each([
    { subjects: [], expected: 'No subjects yet' },
    { subjects: [ben], expected: '1 subject, none with labels' },
    { subjects: [anna], expected: '1 subject, with labels' },
    { subjects: [anna, { ...anna, name: 'other' }], expected: '2 subjects, all with labels' },
    { subjects: [anna, ben], expected: '2 subjects, 1 with labels' },
  ])('says "$expected"', ({ subjects, expected }) => {
    expect(librarySummary({ subjects })).toBe(expected);
  });
});

describe('volumesOf', () => {
  it('takes a subject for its images, and names no label that goes with its image', () => {
    const rows = libraryRows(library);
    expect(volumesOf(rows.slice(0, 3))).toEqual([
      'subjects/anna/images/T1.nii.gz',
      'subjects/anna/images/T2.nii.gz',
    ]);
    expect(volumesOf(rows.slice(2, 4))).toEqual([
      'subjects/anna/labels/T1/kim.nii.gz',
      'subjects/anna/labels/T1/lee.nii.gz',
    ]);
  });
});
