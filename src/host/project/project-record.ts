/** @file project.json: what a project says of itself. Older formats are brought up step by step. */
import { z } from 'zod';
import { projectInvalid, projectTooNew } from './errors.ts';

export const projectVersion = 1;

const projectRecordSchema = z.object({
  format: z.literal('sagitta-project'),
  version: z.literal(projectVersion),
  /** Stays the same when the folder is moved, renamed or copied. */
  id: z.uuid(),
  name: z.string().min(1),
  createdAt: z.iso.datetime(),
  /** Names of label values, e.g. `"1": "vessel"`. */
  labelNames: z.record(z.string(), z.string()),
});

export type ProjectRecord = z.infer<typeof projectRecordSchema>;

type Fields = Record<string, unknown>;

/** Entry n turns version n + 1 into n + 2. */
const migrations: readonly ((record: Fields) => Fields)[] = [];

const headSchema = z.looseObject({ format: z.literal('sagitta-project'), version: z.int().min(1) });

/** Throws PROJECT_INVALID or PROJECT_TOO_NEW. */
export function parseProjectRecord(text: string, file: string): ProjectRecord {
  const head = headSchema.safeParse(parseJson(text, file));
  if (!head.success) throw projectInvalid({ file, issues: issuesOf(head.error) });
  const { version } = head.data;
  if (version > projectVersion) throw projectTooNew({ file, version, known: projectVersion });
  const migrated = migrations.slice(version - 1).reduce<Fields>((record, step) => step(record), head.data);
  const parsed = projectRecordSchema.safeParse(migrated);
  if (!parsed.success) throw projectInvalid({ file, issues: issuesOf(parsed.error) });
  return parsed.data;
}

function issuesOf({ issues }: z.ZodError): string[] {
  return issues.map(({ path, message }) => `${path.join('.') || 'project.json'}: ${message}`);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw projectInvalid({ file, issues: ['project.json: not JSON'] });
    throw error;
  }
}
