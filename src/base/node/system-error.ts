/** @file What the operating system answered, where code acts on it. */

/** The code of a system error, e.g. `ENOENT`; undefined for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
