/** @file What exported files are called. */
import { describe, expect, it } from 'vitest';
import { namesOfSubjects, stemOfExport } from '../../../src/host/exports/names.ts';

const stem = (subject: string, part: string) =>
  stemOfExport(subject, [part], { nameOf: namesOfSubjects(true), withoutNames: true });

describe('a file exported without names', () => {
  it.each([
    ['sub-01', 'T1 SUB-01', 'case-1_T1'],
    ['Doe', 'doe_CT', 'case-1_CT'],
    ['a', 'labels', 'case-1_labels'],
    ['p (1)', 'p (1) CT', 'case-1_CT'],
    ['x.y', 'xzy', 'case-1_xzy'],
    ['Müller', 'Müller', 'case-1'],
  ])('of %j, image %j, is called %s', (subject, part, expected) => {
    expect(stem(subject, part)).toBe(expected);
  });

  it('has one number a subject, in the order in which they come', () => {
    const nameOf = namesOfSubjects(true);
    expect(['z', 'a', 'z'].map(nameOf)).toEqual(['case-1', 'case-2', 'case-1']);
  });
});
