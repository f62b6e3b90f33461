/** @file The library as rows of a tree: subjects, their images, the labels of each. Pure: what is open and what is searched come in as data. */
import type { VolumeId } from '../../../contract/ids.ts';
import type { ImageEntry, LabelEntry, Library, LibrarySubject } from '../../../contract/library.ts';

interface RowPlace {
  /** Unique within the tree and the same after a change of others. */
  readonly key: string;
  readonly level: 1 | 2 | 3;
  /** Among its siblings, from 1, as screen readers say it. */
  readonly position: number;
  readonly siblingCount: number;
  /** Undefined for rows that hold none. */
  readonly isOpen: boolean | undefined;
  readonly parentKey: string | null;
}

export type LibraryRow = RowPlace &
  (
    | { readonly kind: 'subject'; readonly subject: LibrarySubject }
    | { readonly kind: 'image'; readonly subject: string; readonly image: ImageEntry }
    | {
        readonly kind: 'label';
        readonly subject: string;
        readonly image: ImageEntry;
        readonly label: LabelEntry;
      }
  );

export const subjectKey = (name: string): string => `subject:${name}`;

/** Words that a search must all find: in the names of subject, image or rater. */
function wordsOf(search: string): readonly string[] {
  return search.toLowerCase().split(/\s+/).filter(Boolean);
}

const holdsAll = (text: string, words: readonly string[]) =>
  words.every((word) => text.toLowerCase().includes(word));

/** The images of a subject that the search finds; all of them when it finds the subject's own name. */
function foundImages(subject: LibrarySubject, words: readonly string[]): readonly ImageEntry[] {
  if (holdsAll(subject.name, words)) return subject.images;
  return subject.images.filter((image) =>
    holdsAll(
      [subject.name, image.name, ...image.labels.map(({ rater }) => rater), image.orientation].join(' '),
      words,
    ),
  );
}

/** Subjects are open from the start while the list stays short. */
const openUpToSubjects = 40;

/**
 * Rows from top to bottom. `toggled` holds the keys of rows whose state differs from the one they begin in; a search opens all that it finds.
 */
export function libraryRows(
  library: Pick<Library, 'subjects'>,
  { search = '', toggled = new Set<string>() }: { search?: string; toggled?: ReadonlySet<string> } = {},
): readonly LibraryRow[] {
  const words = wordsOf(search);
  const isOpen = (key: string, isAtFirst: boolean) =>
    words.length > 0 || (toggled.has(key) ? !isAtFirst : isAtFirst);
  const opensSubjects = library.subjects.length <= openUpToSubjects;
  const found = library.subjects
    .map((subject) => ({ subject, images: foundImages(subject, words) }))
    .filter(({ images }) => words.length === 0 || images.length > 0);
  return found.flatMap(({ subject, images }, index): LibraryRow[] => {
    const key = subjectKey(subject.name);
    const open = images.length === 0 ? undefined : isOpen(key, opensSubjects);
    const place = { key, level: 1, position: index + 1, siblingCount: found.length } as const;
    const row: LibraryRow = { ...place, kind: 'subject', subject, isOpen: open, parentKey: null };
    if (!open) return [row];
    return [
      row,
      ...images.flatMap((image, at) => imageRows({ subject, image, at, of: images.length, isOpen })),
    ];
  });
}

function imageRows(options: {
  subject: LibrarySubject;
  image: ImageEntry;
  at: number;
  of: number;
  isOpen: (key: string, isAtFirst: boolean) => boolean;
}): LibraryRow[] {
  const { subject, image, at, of, isOpen } = options;
  const open = image.labels.length === 0 ? undefined : isOpen(image.id, true);
  const row: LibraryRow = {
    kind: 'image',
    key: image.id,
    level: 2,
    position: at + 1,
    siblingCount: of,
    isOpen: open,
    parentKey: subjectKey(subject.name),
    subject: subject.name,
    image,
  };
  if (!open) return [row];
  const labels = image.labels.map(
    (label, index): LibraryRow => ({
      kind: 'label',
      key: label.id,
      level: 3,
      position: index + 1,
      siblingCount: image.labels.length,
      isOpen: undefined,
      parentKey: image.id,
      subject: subject.name,
      image,
      label,
    }),
  );
  return [row, ...labels];
}

/** "12 subjects, 9 with labels"; "No subjects yet". */
export function librarySummary(library: Pick<Library, 'subjects'>): string {
  const count = library.subjects.length;
  if (count === 0) return 'No subjects yet';
  const labelled = library.subjects.filter(({ images }) => images.some(({ labels }) => labels.length > 0));
  const subjects = `${count} ${count === 1 ? 'subject' : 'subjects'}`;
  if (labelled.length === 0) return `${subjects}, none with labels`;
  if (labelled.length === count) return `${subjects}, ${count === 1 ? '' : 'all '}with labels`;
  return `${subjects}, ${labelled.length} with labels`;
}

/** What a removal takes away for the rows: a subject stands for its images, and what goes with its image is not named again. */
export function volumesOf(rows: readonly LibraryRow[]): VolumeId[] {
  const images = new Set(
    rows.flatMap((row) =>
      row.kind === 'subject'
        ? row.subject.images.map(({ id }) => id)
        : row.kind === 'image'
          ? [row.image.id]
          : [],
    ),
  );
  const labels = rows.flatMap((row) =>
    row.kind === 'label' && !images.has(row.image.id) ? [row.label.id] : [],
  );
  return [...images, ...labels];
}

/** The image that opening a row shows. */
export function imageOfRow(row: LibraryRow): ImageEntry | undefined {
  return row.kind === 'subject' ? row.subject.images[0] : row.image;
}
