/** @file The two kinds of error: the person's (can be acted on) and ours (a bug). Cancellation is neither: see cancel.ts. */

/** Everything a person needs to act on an error. `file` is shown last and shortened; never put a patient's name here. */
export interface UserErrorFields {
  /** Stable upper-case code, e.g. `NIFTI_TRUNCATED`; listed in docs/errors.md. */
  readonly code: string;
  /** What happened, with the values expected and found. One sentence. */
  readonly what: string;
  /** The file it happened in, if any. */
  readonly file?: string | undefined;
  /** The header field, setting or flag it happened in, if any, e.g. `dim[3]`. */
  readonly field?: string | undefined;
  /** The likely reason. */
  readonly why?: string | undefined;
  /** What to do next. */
  readonly next?: string | undefined;
}

/** Input or environment is at fault, and the person can act on it. Made by the `errors.ts` catalogue of each area. */
export class UserError extends Error implements UserErrorFields {
  readonly code: string;
  readonly what: string;
  readonly file: string | undefined;
  readonly field: string | undefined;
  readonly why: string | undefined;
  readonly next: string | undefined;

  constructor(fields: UserErrorFields, cause?: unknown) {
    super(fields.what, cause === undefined ? undefined : { cause });
    this.name = 'UserError';
    this.code = fields.code;
    this.what = fields.what;
    this.file = fields.file;
    this.field = fields.field;
    this.why = fields.why;
    this.next = fields.next;
  }
}

/** A fault of ours: a broken promise inside the program. Never thrown for bad input. */
export class BugError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BugError';
  }
}

/** States what the code relies on; throws {@link BugError} when that is not so. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new BugError(message);
}

/** Makes the end of an exhaustive switch a compile error when a case is missing. */
export function unreachable(value: never): never {
  throw new BugError(`unreachable case: ${JSON.stringify(value)}`);
}

/** An error as plain data, as it crosses a process border and as `--json` prints it. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly field?: string;
  readonly hint?: string;
}

/** What the operating system refuses, by its code: the person's to mend, not a fault of ours. */
const systemReasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read or write there',
  EPERM: 'the system does not allow it',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: "this user's share of the disk is used up",
  ENOENT: 'the file or its folder is not there',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a file of this name is in the way',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open',
  EIO: 'the disk or network share does not answer',
  ENAMETOOLONG: 'the path is too long',
};

function systemErrorReport(thrown: Error & { code?: unknown; path?: unknown }): ErrorReport | undefined {
  const reason = typeof thrown.code === 'string' ? systemReasons[thrown.code] : undefined;
  if (reason === undefined) return undefined;
  return {
    code: 'FILE_SYSTEM',
    message: `A file or folder cannot be used: ${reason} (${thrown.code}).`,
    ...(typeof thrown.path === 'string' && { file: thrown.path }),
    hint: 'Check the path, its permissions and the space left on the disk.',
  };
}

/**
 * Turns anything thrown into plain data: what the system refused becomes `FILE_SYSTEM`, what is neither that nor a
 * {@link UserError} becomes `BUG`. Called at borders only.
 */
export function errorReport(thrown: unknown): ErrorReport {
  if (thrown instanceof UserError) {
    const hint = [thrown.why, thrown.next].filter(Boolean).join(' ');
    return {
      code: thrown.code,
      message: thrown.what,
      ...(thrown.file !== undefined && { file: thrown.file }),
      ...(thrown.field !== undefined && { field: thrown.field }),
      ...(hint !== '' && { hint }),
    };
  }
  const refused = thrown instanceof Error ? systemErrorReport(thrown) : undefined;
  if (refused !== undefined) return refused;
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { code: 'BUG', message, hint: 'This is a fault in Sagitta, not in your data. Please report it.' };
}
