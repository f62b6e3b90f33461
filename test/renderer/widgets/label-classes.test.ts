/** @file Tests of colours and names of label values. */
import { expect, it } from 'vitest';
import { labelClasses, labelColour } from '../../../src/renderer/widgets/label-classes.ts';

it('gives each of the first twelve values its own colour, and begins again after them', () => {
  const colours = Array.from({ length: 12 }, (_, index) => labelColour(index + 1));
  expect(new Set(colours).size).toBe(12);
  expect(labelColour(13)).toBe(colours[0]);
  expect(labelColour(1, 2)).toBe(colours[2]);
});

it('lists named values and those that nobody has named, by value', () => {
  expect(labelClasses({ '20': 'aneurysm', '1': 'vessel', '0': 'background' }, { atLeast: 2 })).toEqual([
    { value: 1, name: 'vessel', colour: labelColour(1) },
    { value: 2, name: 'label 2', colour: labelColour(2) },
    { value: 20, name: 'aneurysm', colour: labelColour(20) },
  ]);
});
