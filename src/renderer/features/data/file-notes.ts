/** @file What is said of files that were refused, or that have something to know, with those of the same words together. Pure. */
import type { ImportProposal } from '../../../contract/imports.ts';

export interface FileNote {
  readonly paths: readonly string[];
  readonly what: string;
  readonly hint?: string | undefined;
  readonly code?: string | undefined;
}

/** One note a reason, in the order in which the reasons first come. */
export function refusedNotes(refused: ImportProposal['refused']): FileNote[] {
  const groups = Map.groupBy(refused, ({ error }) => [error.code, error.message, error.hint].join('\n'));
  return [...groups.values()].map((group) => {
    const { code, message, hint } = group[0]!.error;
    return { paths: group.map(({ path }) => path), what: message, hint, code };
  });
}

/** One note a warning; a file with two warnings stands under both. */
export function warningNotes(rows: readonly { path: string; warnings: readonly string[] }[]): FileNote[] {
  const pairs = rows.flatMap(({ path, warnings }) => warnings.map((what) => ({ path, what })));
  const groups = Map.groupBy(pairs, ({ what }) => what);
  return [...groups].map(([what, group]) => ({ what, paths: group.map(({ path }) => path) }));
}
