/** @file What is about to be taken in, as a table that a person corrects: edits, and what stands against taking it. Pure. */
import { nameSchema } from '../../../contract/ids.ts';
import type { ImportItem } from '../../../contract/imports.ts';

/** One file of the proposal with the person's corrections. */
export interface ImportRow extends ImportItem {
  readonly isTaken: boolean;
}

/** What a person may change in place. */
export type NameField = 'subject' | 'name' | 'rater';
export const nameFields: readonly NameField[] = ['subject', 'name', 'rater'];

export function rowsOf(items: readonly ImportItem[]): ImportRow[] {
  return items.map((item) => ({ ...item, isTaken: true }));
}

type Changes = Partial<Pick<ImportRow, 'subject' | 'name' | 'rater' | 'role' | 'isTaken'>>;

/** Rows with one changed. A file that becomes a label gets the rater `rater`; one that becomes an image loses it. */
export function withChange(
  rows: readonly ImportRow[],
  { index, changes, rater }: { index: number; changes: Changes; rater: string },
): ImportRow[] {
  return rows.map((row, at) => {
    if (at !== index) return row;
    const next = { ...row, ...changes };
    if (next.role === 'label') return { ...next, rater: next.rater ?? rater };
    const { rater: _, ...image } = next;
    return image;
  });
}

/** How many other rows still hold the value that a row held before it was changed. */
export function othersWith(
  rows: readonly ImportRow[],
  { index, field, value }: { index: number; field: NameField; value: string },
): number {
  return rows.filter((row, at) => at !== index && row[field] === value).length;
}

/** Rows in which every `from` of the field reads `to`. */
export function withEverywhere(
  rows: readonly ImportRow[],
  { field, from, to }: { field: NameField; from: string; to: string },
): ImportRow[] {
  return rows.map((row) => (row[field] === from ? { ...row, [field]: to } : row));
}

/** Why a name cannot be taken; undefined when it can. */
export function nameProblem(value: string): string | undefined {
  if (value.trim() === '') return 'A name is needed.';
  const parsed = nameSchema.safeParse(value);
  if (parsed.success) return undefined;
  return value.length > 80
    ? 'At most 80 characters.'
    : 'Use letters, digits, spaces, dots, dashes and underscores, beginning with a letter or digit.';
}

const placeOf = (row: ImportRow) =>
  [row.role, row.subject, row.name, row.role === 'label' ? row.rater : ''].join('\n').toLowerCase();

export interface RowProblem {
  readonly field: NameField;
  readonly text: string;
}

/** The image of a subject, whatever the case of its letters. */
export const imageKey = ({ subject, name }: { subject: string; name: string }): string =>
  `${subject.trim()}\n${name.trim()}`.toLowerCase();

/**
 * What must be mended before taking, by row index. Rows that are left out have none. `existing` holds the keys of images that the library
 * has already: a label needs its image there or among the rows that are taken.
 */
export function problemsOf(
  rows: readonly ImportRow[],
  existing: ReadonlySet<string> = new Set(),
): ReadonlyMap<number, RowProblem> {
  const problems = new Map<number, RowProblem>();
  const images = new Set(rows.filter(({ isTaken, role }) => isTaken && role === 'image').map(imageKey));
  const places = new Map<string, number>();
  for (const [index, row] of rows.entries()) {
    if (!row.isTaken) continue;
    const fields = row.role === 'label' ? nameFields : nameFields.filter((field) => field !== 'rater');
    const wrong = fields
      .map((field) => ({ field, text: nameProblem(row[field] ?? '') }))
      .find(({ text }) => text !== undefined);
    if (wrong?.text !== undefined) problems.set(index, { field: wrong.field, text: wrong.text });
    else if (row.role === 'label' && !images.has(imageKey(row)) && !existing.has(imageKey(row)))
      problems.set(index, {
        field: 'name',
        text: `Subject ${row.subject} has no image “${row.name}” to draw it on. Name its image, take it as an image, or leave it out.`,
      });
    const place = placeOf(row);
    const first = places.get(place);
    if (first === undefined) places.set(place, index);
    else if (!problems.has(index))
      problems.set(index, {
        field: row.role === 'label' ? 'rater' : 'name',
        text: `Row ${first + 1} has the same ${row.role === 'label' ? 'subject, name and rater' : 'subject and name'}.`,
      });
  }
  return problems;
}

/** Rows in which those with a problem are left out. */
export function withoutProblems(
  rows: readonly ImportRow[],
  problems: ReadonlyMap<number, RowProblem>,
): ImportRow[] {
  return rows.map((row, index) => (problems.has(index) ? { ...row, isTaken: false } : row));
}

/** What is sent to the host: rows that are taken, names trimmed. */
export function itemsToTake(
  rows: readonly ImportRow[],
): Pick<ImportItem, 'path' | 'role' | 'subject' | 'name' | 'rater'>[] {
  return rows
    .filter(({ isTaken }) => isTaken)
    .map(({ path, role, subject, name, rater }) => ({
      path,
      role,
      subject: subject.trim(),
      name: name.trim(),
      ...(role === 'label' && rater !== undefined && { rater: rater.trim() }),
    }));
}

/** "2 images and 1 label of 2 subjects". */
export function takeSummary(rows: readonly ImportRow[]): string {
  const taken = rows.filter(({ isTaken }) => isTaken);
  const count = (number: number, one: string) => `${number} ${number === 1 ? one : `${one}s`}`;
  const images = taken.filter(({ role }) => role === 'image').length;
  const labels = taken.length - images;
  const subjects = new Set(taken.map(({ subject }) => subject)).size;
  const parts = [
    ...(images > 0 ? [count(images, 'image')] : []),
    ...(labels > 0 ? [count(labels, 'label map')] : []),
  ];
  return parts.length === 0 ? 'Nothing' : `${parts.join(' and ')} of ${count(subjects, 'subject')}`;
}
