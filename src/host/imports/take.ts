/** @file Takes the chosen items of an import into the project: checked, copied aside, then moved in as one change. */
import { constants, copyFile, link, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemErrorCode } from '../../base/node/system-error.ts';
import type { ImportItem } from '../../contract/imports.ts';
import type { Change, Library } from '../../contract/library.ts';
import { referenceRater } from '../../dataset/subject.ts';
import type { Grid } from '../../imaging/grid.ts';
import { readStack } from '../../imaging/node/dicom.ts';
import { readVolume } from '../../imaging/node/open.ts';
import { writeVolume } from '../../imaging/node/save.ts';
import { newChangeId, trashOf } from '../library/changes.ts';
import type { ProjectLibrary } from '../library/library.ts';
import { placeOf } from '../library/scan.ts';
import type { Step } from '../library/step.ts';
import { checkName, nameKey } from '../project/file-name.ts';
import { type ProjectFolder, projectPaths } from '../project/project-folder.ts';
import {
  importDiskFull,
  importFileUnknown,
  importGridsDiffer,
  importImageMissing,
  importNameTaken,
  importNothing,
} from './errors.ts';
import { gridProblem } from './pair-labels.ts';
import type { ProbedVolume } from './probe.ts';
import { isDiskFull } from './receive.ts';
import { placeKey } from './understand.ts';

export type TakenItem = Pick<ImportItem, 'path' | 'role' | 'subject' | 'name' | 'rater'>;

export interface TakeOptions {
  readonly project: ProjectFolder;
  readonly library: ProjectLibrary;
  /** What can be taken, by path. */
  readonly volumes: ReadonlyMap<string, ProbedVolume>;
  readonly labelNames: Readonly<Record<string, string>>;
  /** Whether the files are our own copies, so that they need not be copied again. */
  readonly isOurs: boolean;
}

/** One item on its way: names in the spelling that the project has, the file it comes from, the place it goes to. */
interface Target {
  readonly role: 'image' | 'label';
  readonly subject: string;
  readonly name: string;
  readonly rater: string;
  readonly volume: ProbedVolume;
  /** Relative to the project. */
  readonly place: string;
}

/**
 * All or none. Throws IMPORT_NOTHING, IMPORT_FILE_UNKNOWN, NAME_UNUSABLE, IMPORT_NAME_TAKEN, IMPORT_IMAGE_MISSING,
 * IMPORT_GRIDS_DIFFER, IMPORT_DISK_FULL, and the codes of the reader for pairs of .hdr and .img.
 */
export async function takeItems(items: readonly TakenItem[], options: TakeOptions): Promise<Change> {
  const { project, library } = options;
  if (items.length === 0) throw importNothing();
  const before = await library.list();
  const spelling = makeSpelling(before);
  const targets: Target[] = [];
  for (const item of items) targets.push(await targetOf(item, { spelling, volumes: options.volumes }));
  refuseTaken(targets, before);
  refuseOtherGrids(targets, { before, library });
  const id = newChangeId();
  const staged = `${projectPaths.incoming}/${id}`;
  try {
    for (const target of targets)
      await bring(target.volume, project.path(`${staged}/${target.place}`), options.isOurs);
    return await library.change((current) => {
      refuseTaken(targets, current);
      const moves = targets.map(
        ({ place }): Step => ({ kind: 'move', from: `${trashOf(id)}/${place}`, to: place }),
      );
      return {
        id,
        text: textOf(targets),
        steps: [...moves, ...namingSteps(current, options.labelNames)],
        staged,
      };
    });
  } catch (error) {
    throw isDiskFull(error) ? importDiskFull({ path: targets[0]!.volume.path }, error) : error;
  } finally {
    // Gone already when all went well.
    await rm(project.path(staged), { recursive: true, force: true });
  }
}

type Spelling = (name: string, within: string) => string;

/** `Sub01` and `sub01` are one subject: the spelling that came first holds. */
function makeSpelling({ subjects }: Library): Spelling {
  const known = new Map<string, string>();
  const spell: Spelling = (name, within) => {
    const key = `${within}/${nameKey(name)}`;
    if (!known.has(key)) known.set(key, name);
    return known.get(key)!;
  };
  for (const { name, images } of subjects) {
    spell(name, '');
    for (const image of images) spell(image.name, nameKey(name));
  }
  return spell;
}

async function targetOf(
  item: TakenItem,
  { spelling, volumes }: { spelling: Spelling; volumes: ReadonlyMap<string, ProbedVolume> },
): Promise<Target> {
  const volume = volumes.get(item.path);
  if (volume === undefined) throw importFileUnknown({ path: item.path });
  const subject = spelling(checkName(item.subject), '');
  const name = spelling(checkName(item.name), nameKey(subject));
  const rater = checkName(item.rater ?? referenceRater);
  const stem = item.role === 'image' ? placeOf.image(subject, name) : placeOf.label(subject, name, rater);
  return { role: item.role, subject, name, rater, volume, place: `${stem}${await endingOf(volume)}` };
}

/** By content, since names can be wrong. Pairs and DICOM become one file. */
async function endingOf({ file, stack }: ProbedVolume): Promise<'.nii' | '.nii.gz'> {
  if (stack !== undefined || isPair(file)) return '.nii.gz';
  const handle = await open(file, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b ? '.nii.gz' : '.nii';
  } finally {
    await handle.close();
  }
}

function isPair(file: string): boolean {
  return /\.(hdr|img)(\.gz)?$/i.test(file);
}

function keyOf({ role, subject, name, rater }: Pick<Target, 'role' | 'subject' | 'name' | 'rater'>): string {
  return role === 'image' ? placeKey(subject, name) : placeKey(subject, name, rater);
}

function refuseTaken(targets: readonly Target[], { subjects }: Library): void {
  const taken = new Set(
    subjects.flatMap(({ name: subject, images }) =>
      images.flatMap(({ name, labels }) => [
        keyOf({ role: 'image', subject, name, rater: '' }),
        ...labels.map(({ rater }) => keyOf({ role: 'label', subject, name, rater })),
      ]),
    ),
  );
  const names: string[] = [];
  for (const target of targets) {
    const key = keyOf(target);
    if (taken.has(key)) names.push(nameOf(target));
    taken.add(key);
  }
  if (names.length > 0) throw importNameTaken({ names });
}

function nameOf({ role, subject, name, rater }: Target): string {
  return role === 'image' ? `Image ${name} of ${subject}` : `Label map of ${subject} ${name} by ${rater}`;
}

function refuseOtherGrids(
  targets: readonly Target[],
  { before, library }: { before: Library; library: ProjectLibrary },
): void {
  const grids = new Map<string, Grid>();
  for (const { name: subject, images } of before.subjects)
    for (const image of images) grids.set(placeKey(subject, image.name), library.gridOf(image.id));
  for (const { role, subject, name, volume } of targets)
    if (role === 'image') grids.set(placeKey(subject, name), volume.header);
  for (const { role, subject, name, volume } of targets) {
    if (role === 'image') continue;
    const label = volume.path;
    const grid = grids.get(placeKey(subject, name));
    if (grid === undefined) throw importImageMissing({ label, subject, name });
    const problem = gridProblem(grid, volume.header);
    if (problem !== undefined) throw importGridsDiffer({ label, image: `${name} of ${subject}`, problem });
  }
}

/** Copies one file and waits until it is on the disk. */
async function bring({ file, stack }: ProbedVolume, to: string, isOurs: boolean): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  if (stack !== undefined) return writeVolume(to, await readStack(stack));
  if (isPair(file)) return writeVolume(to, await readVolume(file));
  if (!(isOurs && (await linkIfPossible(file, to)))) await copyFile(file, to, constants.COPYFILE_FICLONE);
  const handle = await open(to, 'r+');
  await handle.sync().finally(() => handle.close());
}

async function linkIfPossible(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    // A file system without hard links.
    if (systemErrorCode(error) === 'EPERM' || systemErrorCode(error) === 'ENOTSUP') return false;
    throw error;
  }
}

/** Names of label values that the project has keep theirs. */
function namingSteps({ labelNames }: Library, found: Readonly<Record<string, string>>): Step[] {
  const after = { ...found, ...labelNames };
  const isSame = Object.keys(after).length === Object.keys(labelNames).length;
  return isSame ? [] : [{ kind: 'labelNames', before: { ...labelNames }, after }];
}

function textOf(targets: readonly Target[]): string {
  const subjects = [...new Set(targets.map(({ subject }) => subject))];
  if (subjects.length > 1) return `Imported ${subjects.length} subjects`;
  if (targets.length > 1) return `Imported ${targets.length} volumes of ${subjects[0]}`;
  const { role, name, rater } = targets[0]!;
  return role === 'image'
    ? `Imported ${name} of ${subjects[0]}`
    : `Imported the label map of ${subjects[0]} by ${rater}`;
}
