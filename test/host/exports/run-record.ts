/** @file The record of a small run, for a report. */
import { runRecordSchema } from '../../../src/run/run-record.ts';

export const runRecord = runRecordSchema.parse({
  version: 1,
  createdAt: '2026-01-02T03:04:05.000Z',
  seed: 1,
  versions: { sagitta: '0.1.0', node: 'v24', plugin: '1.0.0' },
  device: { executor: 'reference', description: 'plain TypeScript' },
  settings: {},
  split: { training: ['a'], validation: ['b'] },
  raters: ['reference'],
  dataSha256: { a: 'ff', b: 'ee' },
});
