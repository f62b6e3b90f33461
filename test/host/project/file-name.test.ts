/** @file Names that are safe as file names on every system. */
import { describe, expect, it } from 'vitest';
import { nameProblem, usableName } from '../../../src/host/project/file-name.ts';

describe('a name', () => {
  it.each([
    '..',
    '.hidden',
    'a/b',
    'a\\b',
    'C:',
    'CON',
    'nul.txt',
    'com1',
    'a.',
    'a ',
    '',
    'a\0b',
    'e\u0301',
    '-a',
    'a'.repeat(81),
  ])('%j is refused, and made usable', (name) => {
    expect(nameProblem(name)).toBeDefined();
    expect(nameProblem(usableName(name, 'image'))).toBeUndefined();
  });

  it.each(['sub-01', 'T1 w', 'Größe', '患者', 'conan', 'a.b'])('%j stays as it is', (name) => {
    expect(nameProblem(name)).toBeUndefined();
    expect(usableName(name, 'image')).toBe(name);
  });
});
