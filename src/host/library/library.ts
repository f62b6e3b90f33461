/** @file The library of a project: its subjects as they lie on disk, and every change of them. */
import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { mapConcurrently } from '../../base/concurrent.ts';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { makeSerial } from '../../base/serial.ts';
import type { VolumeId } from '../../contract/ids.ts';
import type { Change, ImageEntry, Library, LibrarySubject } from '../../contract/library.ts';
import type { Grid } from '../../imaging/grid.ts';
import { checkName, nameKey } from '../project/file-name.ts';
import { type ProjectFolder, projectPaths } from '../project/project-folder.ts';
import type { LibraryService, Publish } from '../services.ts';
import { removedText } from './change-text.ts';
import { newChangeId, openChanges, type PlannedChange, trashOf } from './changes.ts';
import { subjectNameTaken, subjectUnknown, volumeUnknown } from './errors.ts';
import { type HeaderFacts, openHeaderIndex } from './header-index.ts';
import { isPredictedFile } from './prediction-files.ts';
import { type FoundFile, placeOf, scanSubjects } from './scan.ts';
import type { Step } from './step.ts';

/** The library as the host's other services see it. */
export interface ProjectLibrary extends LibraryService {
  /** Grid of an image or label map of the library. Throws VOLUME_UNKNOWN. */
  gridOf(id: VolumeId): Grid;
  /** Makes a change that can be undone. `plan` sees the library as it is when its turn has come. */
  change(plan: (library: Library) => PlannedChange): Promise<Change>;
  /** Waits for changes under way. */
  close(): Promise<void>;
}

const concurrentReads = 8;

interface Entry extends FoundFile {
  readonly facts: HeaderFacts;
}

/** Reads the folder; a change that a crash cut short is finished first. */
export async function makeLibrary({
  project,
  publish,
}: {
  project: ProjectFolder;
  publish: Publish;
}): Promise<ProjectLibrary> {
  const serial = makeSerial();
  const changes = await openChanges(project);
  const index = openHeaderIndex(project.path(projectPaths.index));
  let entries = await readEntries();

  async function readEntries(): Promise<ReadonlyMap<string, Entry>> {
    const found = await scanSubjects(project);
    const facts = await mapConcurrently(found, concurrentReads, (file) =>
      index.factsOf({ ...file, file: project.path(file.path) }),
    );
    const read = new Map<string, Entry>();
    for (const [n, file] of found.entries()) {
      const known = facts[n];
      if (known != null) read.set(file.path, { ...file, facts: known });
    }
    index.keepOnly(found.map(({ path }) => path));
    return read;
  }

  const current = (): Library => ({
    revision: changes.revision(),
    subjects: subjectsOf([...entries.values()]),
    labelNames: project.labelNames,
  });

  /** Runs in its turn; tells the windows when something was changed. */
  function changing<T extends Change | null>(task: () => Promise<T>): Promise<T> {
    return serial(async () => {
      try {
        const change = await task();
        if (change === null) return change;
        entries = await readEntries();
        publish({ type: 'library', revision: changes.revision() });
        return change;
      } catch (error) {
        // What was refused may have been so because files were moved by hand.
        entries = await readEntries();
        throw error;
      }
    });
  }

  const change = (plan: (library: Library) => PlannedChange) =>
    changing(() => changes.apply(plan(current())));

  return {
    list: () => serial(() => Promise.resolve(current())),
    change,
    remove: (ids) =>
      change((library) => {
        const removed = withLabels(library, ids);
        const id = newChangeId();
        const steps = removed.map((path) => moveTo(path, `${trashOf(id)}/${path}`));
        return { id, text: removedText(library, removed), steps };
      }),
    renameSubject: ({ from, to }) =>
      change((library) => {
        checkName(to);
        if (!library.subjects.some(({ name }) => name === from)) throw subjectUnknown({ name: from });
        const others = library.subjects.filter(({ name }) => name !== from);
        if (from === to || others.some(({ name }) => nameKey(name) === nameKey(to)))
          throw subjectNameTaken({ name: to });
        const steps = [moveTo(placeOf.subject(from), placeOf.subject(to))];
        return { id: newChangeId(), text: `Renamed ${from} to ${to}`, steps };
      }),
    nameLabels: (names) =>
      change(({ labelNames }) => {
        const step = { kind: 'labelNames', before: { ...labelNames }, after: { ...names } } as const;
        return { id: newChangeId(), text: 'Named labels', steps: [step] };
      }),
    undo: () => changing(() => changes.undo()),
    redo: () => changing(() => changes.redo()),
    gridOf(id) {
      const entry = entries.get(id);
      if (entry === undefined) throw volumeUnknown({ id });
      return entry.facts;
    },
    async fileOf(id) {
      const isKnown = entries.has(id) || (await isPredictedFile(project, id));
      if (!isKnown || !(await isWithin(project, id))) throw volumeUnknown({ id });
      return project.path(id);
    },
    close: () => serial(() => Promise.resolve(index.close())),
  };
}

function moveTo(from: string, to: string): Step {
  return { kind: 'move', from, to };
}

/** The paths to remove: what was asked for, and the label maps of images. Throws VOLUME_UNKNOWN. */
function withLabels(library: Library, ids: readonly VolumeId[]): VolumeId[] {
  const images = library.subjects.flatMap((subject) => subject.images);
  const labels = images.flatMap((image) => image.labels);
  const all = ids.flatMap((id) => {
    const image = images.find((entry) => entry.id === id);
    if (image !== undefined) return [id, ...image.labels.map((label) => label.id)];
    if (labels.some((label) => label.id === id)) return [id];
    throw volumeUnknown({ id });
  });
  return [...new Set(all)];
}

const collator = new Intl.Collator('en', { numeric: true });

function subjectsOf(entries: readonly Entry[]): LibrarySubject[] {
  const images = new Map<string, Entry>();
  const labelsOf = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = placeOf.image(entry.subject, entry.image);
    if (entry.rater !== undefined) labelsOf.set(key, [...(labelsOf.get(key) ?? []), entry]);
    // Of T1.nii and T1.nii.gz the first counts.
    else if (!images.has(key)) images.set(key, entry);
  }
  const subjects = new Map<string, ImageEntry[]>();
  for (const [key, entry] of images) {
    const labels = labelsOf.get(key) ?? [];
    const id = entry.path as VolumeId;
    const image = {
      ...factsOf(entry),
      name: entry.image,
      labels: labels.map((label) => ({ ...factsOf(label), rater: label.rater ?? '', image: id })),
    };
    subjects.set(entry.subject, [...(subjects.get(entry.subject) ?? []), image]);
  }
  return [...subjects]
    .map(([name, found]) => ({ name, images: found.sort((a, b) => collator.compare(a.name, b.name)) }))
    .sort((a, b) => collator.compare(a.name, b.name));
}

function factsOf({ path, sizeBytes, facts }: Entry) {
  const { dims, spacingMm, orientation, timePoints } = facts;
  return { id: path as VolumeId, dims, spacingMm, orientation, timePoints, sizeBytes };
}

/** Whether the file is there and, links followed, lies in the project. */
async function isWithin(project: ProjectFolder, id: string): Promise<boolean> {
  try {
    const [file, folder] = await Promise.all([realpath(project.path(id)), realpath(project.folder)]);
    return file.startsWith(folder + sep);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return false;
    throw error;
  }
}
