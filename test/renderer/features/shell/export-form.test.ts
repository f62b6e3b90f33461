/** @file Tests of what the export dialog asks of the host. */
import { describe, expect, it } from 'vitest';
import type { VolumeId } from '../../../../src/contract/ids.ts';
import type { Prediction } from '../../../../src/contract/predictions.ts';
import {
  type ExportForm,
  exportRequests,
  partsOf,
  summarisePlan,
} from '../../../../src/renderer/features/shell/export-form.ts';

function predictionOf(metrics: Record<string, number | null>): Prediction {
  const maps = (subject: string) => [
    { id: `${subject}/labels`, kind: 'labels' },
    { id: `${subject}/uncertainty`, kind: 'uncertainty' },
  ];
  const cases = ['a', 'b'].map((subject) => ({ image: subject, subject, maps: maps(subject), metrics }));
  return { id: 'p1', cases } as unknown as Prediction;
}

const prediction = predictionOf({ dice: 0.9 });
const form: ExportForm = {
  prediction,
  parts: new Set(['labels', 'table', 'report']),
  cases: new Set(['b' as VolumeId]),
  labels: new Set(['own' as VolumeId]),
  folder: undefined,
  withoutNames: true,
};

describe('what a prediction can give', () => {
  it('is the kinds of its maps, its table, and a report when there was a reference', () => {
    expect(partsOf(prediction)).toEqual(['labels', 'uncertainty', 'table', 'report']);
    expect(partsOf(predictionOf({ dice: null }))).toEqual(['labels', 'uncertainty', 'table']);
  });
});

describe('requests to the host', () => {
  it('put maps of the chosen cases and labels of the library into one, then table and report', () => {
    expect(exportRequests(form)).toEqual([
      { request: { kind: 'volumes', ids: ['b/labels', 'own'] }, withoutNames: true },
      { request: { kind: 'table', prediction: 'p1' }, withoutNames: true },
      { request: { kind: 'report', prediction: 'p1' }, withoutNames: true },
    ]);
  });

  it('name the folder when one was chosen', () => {
    for (const options of exportRequests({ ...form, folder: '/out' })) expect(options.folder).toBe('/out');
  });

  it('are none when nothing is chosen', () => {
    expect(exportRequests({ ...form, parts: new Set(), labels: new Set() })).toEqual([]);
    expect(exportRequests({ ...form, prediction: undefined, labels: new Set() })).toEqual([]);
  });
});

it('sums a plan up, and says when a size is not known before', () => {
  const files = [
    { name: 'a', sizeBytes: 10, replaces: true },
    { name: 'b', sizeBytes: null, replaces: false },
  ];
  expect(summarisePlan(files)).toEqual({ fileCount: 2, sizeBytes: 10, isAtLeast: true, replacedCount: 1 });
});
