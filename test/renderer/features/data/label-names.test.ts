/** @file Tests of naming label values. */
import { expect, it } from 'vitest';
import {
  labelNameList,
  nextLabelValue,
  withLabelName,
} from '../../../../src/renderer/features/data/label-names.ts';

const names = { '10': 'aneurysm', '2': 'vein', '1': 'artery' };

it('lists by value as a number', () => {
  expect(labelNameList(names).map(({ value }) => value)).toEqual([1, 2, 10]);
});

it('leaves out what is no label value', () => {
  expect(labelNameList({ '0': 'background', x: 'y', '1.5': 'z', '3': 'c' })).toEqual([
    { value: 3, name: 'c' },
  ]);
});

it('renames, adds, and takes out with an empty name, without touching what it was given', () => {
  expect(withLabelName(names, { value: 2, name: ' sinus ' })).toEqual({ ...names, '2': 'sinus' });
  expect(withLabelName(names, { value: 3, name: 'bone' })).toEqual({ ...names, '3': 'bone' });
  expect(withLabelName(names, { value: 2, name: ' ' })).toEqual({ '10': 'aneurysm', '1': 'artery' });
  expect(Object.keys(names)).toHaveLength(3);
});

it('offers the smallest value that is free', () => {
  expect(nextLabelValue({})).toBe(1);
  expect(nextLabelValue(names)).toBe(3);
});
