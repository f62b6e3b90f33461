/** @file What was dropped, as files with their paths: folders are walked, the leftovers of systems are left out. */

export interface DroppedFile {
  /** Relative to what was dropped, with forward slashes, e.g. `study/sub01/T1.nii.gz`. */
  readonly path: string;
  readonly file: File;
}

/** The part of the browser's FileSystemEntry that is used here. */
export interface Entry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
}

interface FileEntry extends Entry {
  file(done: (file: File) => void, refused: (error: DOMException) => void): void;
}

interface FolderEntry extends Entry {
  createReader(): {
    readEntries(done: (entries: Entry[]) => void, refused: (error: DOMException) => void): void;
  };
}

const leftovers = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini', '__MACOSX', '.git']);

/** Whether a file or folder was put there by a system rather than a person. */
export function isLeftover(name: string): boolean {
  return leftovers.has(name) || name.startsWith('._');
}

const fileOf = (entry: FileEntry) =>
  new Promise<File>((resolve, reject) => {
    entry.file(resolve, reject);
  });

/** All entries of a folder: browsers hand them over a hundred at a time, and an empty answer is the end. */
async function entriesOf(folder: FolderEntry): Promise<Entry[]> {
  const reader = folder.createReader();
  const all: Entry[] = [];
  for (;;) {
    const some = await new Promise<Entry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** Files under the entries, folders first to last, in the order of their names. Rejects when the browser cannot read one. */
export async function walkEntries(entries: readonly Entry[], within = ''): Promise<DroppedFile[]> {
  const found: DroppedFile[] = [];
  for (const entry of entries) {
    if (isLeftover(entry.name)) continue;
    const path = within === '' ? entry.name : `${within}/${entry.name}`;
    if (entry.isDirectory) {
      const inside = await entriesOf(entry as FolderEntry);
      inside.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
      found.push(...(await walkEntries(inside, path)));
    } else if (entry.isFile) found.push({ path, file: await fileOf(entry as FileEntry) });
  }
  return found;
}

/** Files of a file field, of a paste, or of a folder field (whose files carry their path). */
export function filesWithPaths(files: Iterable<File>): DroppedFile[] {
  return [...files]
    .map((file) => ({ path: file.webkitRelativePath || file.name, file }))
    .filter(({ path }) => !path.split('/').some(isLeftover));
}

/**
 * Entries and plain files of a drop. Must be called while the event is handled: afterwards the browser has emptied it.
 */
export function takeDrop(data: DataTransfer): { entries: Entry[]; files: File[] } {
  const items = [...data.items].filter(({ kind }) => kind === 'file');
  const entries = items.map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return { entries, files: [...data.files] };
}

/**
 * A name for a project made from what was dropped: the folder's, or the file's without its endings, with what a name may not hold
 * taken out; "My study" when nothing is left.
 */
export function projectNameFor(paths: readonly string[]): string {
  const first = paths[0]?.replaceAll('\\', '/').replace(/\/+$/, '') ?? '';
  const parts = first.split('/');
  // Absolute paths come from the shell and end in what was dropped; relative ones begin with it.
  const isAbsolute = first.startsWith('/') || /^[A-Za-z]:\//.test(first);
  const name = (isAbsolute ? parts.at(-1) : parts[0]) ?? '';
  const words = name
    .replace(/(\.(nii|gz|dcm|zip|mhd|mha|nrrd|png|jpe?g|npz|json))+$/i, '')
    .replace(/[^\p{L}\p{N} ._-]+/gu, ' ')
    .replace(/ +/g, ' ')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .trim()
    .slice(0, 60);
  return words === '' ? 'My study' : words;
}

/** `name`, or with the first number behind it that is not taken. */
export function uniqueName(name: string, taken: Iterable<string>): string {
  const used = new Set([...taken].map((other) => other.toLowerCase()));
  if (!used.has(name.toLowerCase())) return name;
  let number = 2;
  while (used.has(`${name} ${number}`.toLowerCase())) number++;
  return `${name} ${number}`;
}
