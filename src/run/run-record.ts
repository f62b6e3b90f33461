/** @file run.json: what was trained on what, with which seed and versions. Numbers and file stems only. */
import { z } from 'zod';
import { runRecordInvalid, runTooNew } from './errors.ts';

export const runVersion = 1;

const ids = z.array(z.string());

export const runRecordSchema = z.strictObject({
  version: z.literal(runVersion),
  /** ISO 8601, when the run was made. */
  createdAt: z.string(),
  seed: z.int().min(0),
  /** Of the programs that made the run. `executor` is its description: instruction set, threads. */
  versions: z.strictObject({ sagitta: z.string(), node: z.string(), plugin: z.string() }),
  device: z.strictObject({ executor: z.string(), description: z.string() }),
  settings: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])),
  /** Subjects by use; a subject is in one list only. */
  split: z.strictObject({ training: ids, validation: ids }),
  /** Raters whose label maps are learnt from. */
  raters: ids,
  /** SHA-256 (hex) over the files of each subject. */
  dataSha256: z.record(z.string(), z.string()),
});

export type RunRecord = z.infer<typeof runRecordSchema>;

/** Step n turns a record of format n into one of format n + 1; every format ever released stays readable. */
type Migration = (record: Record<string, unknown>) => Record<string, unknown>;

export const runMigrations: readonly Migration[] = [];

/** Brings a record of any known format to the present one. Throws RUN_TOO_NEW or RUN_RECORD_INVALID. */
export function parseRunRecord(value: unknown, file: string): RunRecord {
  const record = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const version = record.version;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    throw runRecordInvalid({ file, issues: ['version: not a whole number from 1'] });
  if (version > runVersion) throw runTooNew({ file, version, known: runVersion });
  const migrated = runMigrations.slice(version - 1).reduce((current, migrate) => migrate(current), record);
  const parsed = runRecordSchema.safeParse(migrated);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'run.json'}: ${issue.message}`);
  throw runRecordInvalid({ file, issues });
}
