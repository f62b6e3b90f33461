/**
 * @file Gives every volume file a subject and a role, images without label maps and loose files too: what an import proposes.
 * Beside layout.ts, which keeps only subjects that can be trained on. Pure.
 */
import { parseDatasetJson } from './dataset-json.ts';
import { chooseLayout, fileStem, makeSuffixRoles, type Role, roleFromFolder } from './layout.ts';
import type { DatasetLayout } from './subject.ts';

export interface PlacedFile {
  readonly path: string;
  readonly role: 'image' | 'label';
  readonly subject: string;
  /** What an image shows, e.g. `T1`; `image` when nothing says. For label maps of no meaning. */
  readonly name: string;
  /** Of a label map. */
  readonly rater: string | undefined;
  /** Whether folder or name say the role; else it is an image until its voxels say otherwise. */
  readonly isSure: boolean;
}

export interface PlacedFiles {
  readonly layout: DatasetLayout;
  readonly files: readonly PlacedFile[];
  readonly labelNames: Readonly<Record<number, string>>;
}

/**
 * Folders that are data sets of their own: those that hold `imagesTr`, `imagesTs` or `images` with files in it. Ends with `/`; the
 * empty string is the top.
 */
export function datasetRoots(files: readonly string[]): string[] {
  const roots = files.flatMap((file) => /^((?:.*\/)?)(?:imagesT[rs]|images)\/[^/]+$/.exec(file)?.[1] ?? []);
  // Longest first, so that a data set within another is found before it.
  return [...new Set(roots)].sort((a, b) => b.length - a.length);
}

/** Files of one data set, relative to its root. Every file is in the result, in the order given. */
export function placeFiles(files: readonly string[], datasetJson: unknown): PlacedFiles {
  const described = parseDatasetJson(datasetJson);
  // Test images have no label maps; here that is all right.
  const asTraining = new Map(files.map((file) => [file, file.replace(/^(images|labels)Ts\//, '$1Tr/')]));
  const layout = chooseLayout([...asTraining.values()]);
  const inFolders =
    layout === 'suffixes' ? [] : files.filter((file) => roleFromFolder(asTraining.get(file)!));
  const isInFolders = new Set(inFolders);
  const loose = files.filter((file) => !isInFolders.has(file));
  const channels = described?.channels ?? [];
  const fromFolders = inFolders.map((file) => ({ file, role: roleFromFolder(asTraining.get(file)!)! }));
  const placed = [
    ...fromFolders.map(({ file, role }) => ({ file, role, isSure: true })),
    ...looseRoles(loose),
  ].map(({ file, role, isSure }) => ({ ...placeOf(role, channels), path: file, isSure }));
  const named = nameOnlyChannels(placed);
  const order = new Map(files.map((file, n) => [file, n]));
  return {
    layout,
    files: named.sort((a, b) => order.get(a.path)! - order.get(b.path)!),
    labelNames: described?.labelNames ?? {},
  };
}

function placeOf(role: Role, channels: readonly string[]): Omit<PlacedFile, 'path' | 'isSure'> {
  if (role.kind === 'label') return { role: 'label', subject: role.caseId, name: 'image', rater: role.rater };
  const { caseId, channel } = role;
  const named = /^\d{4}$/.test(channel) ? channels[Number(channel)] : undefined;
  return { role: 'image', subject: caseId, name: named ?? (channel || 'image'), rater: undefined };
}

/** A lone channel `0000` says nothing: it is called `image`. */
function nameOnlyChannels(files: readonly PlacedFile[]): PlacedFile[] {
  const images = files.filter(({ role }) => role === 'image');
  const isLone = images.every(({ name }) => name === '0000' || name === 'image');
  return files.map((file) => (isLone && file.name === '0000' ? { ...file, name: 'image' } : file));
}

function looseRoles(files: readonly string[]): { file: string; role: Role; isSure: boolean }[] {
  const shortened = shortenNames(files);
  const roleOf = makeSuffixRoles([...shortened.values()]);
  const roles = files.map((file) => ({ file, role: roleOf(shortened.get(file)!)! }));
  const labelled = new Set(roles.flatMap(({ role }) => (role.kind === 'label' ? [role.caseId] : [])));
  const first = new Set(
    roles.flatMap(({ role }) => (role.kind === 'image' && role.channel === '0000' ? [role.caseId] : [])),
  );
  return roles.map(({ file, role }) => {
    const isNumbered =
      role.kind === 'image' &&
      /^\d+$/.test(role.channel) &&
      !labelled.has(role.caseId) &&
      !(first.has(role.caseId) && role.channel.length === 4);
    // `vessels_001` and `vessels_002` are two subjects, not two channels of one.
    if (!isNumbered) return { file, role, isSure: role.kind === 'label' };
    const caseId = fileStem(shortened.get(file)!.replaceAll('/', '_'));
    return { file, role: { kind: 'image', caseId, channel: '' }, isSure: false };
  });
}

/** Names that say what is shown, but not of whom: the folder does. */
const kindOnly =
  /^(t1|t2|t1w|t2w|t1c|t1ce|t1gd|flair|pd|adc|dwi|dti|swi|mra|mr|mri|ct|cta|pet|tof|bold|asl|image|img|seg|segmentation|masks?|labels?|lesions?|roi)([_-]|$)/i;

/** Whether this file's name says no subject, only what it shows: `T1.nii`, `seg.nii.gz`. */
export function saysOnlyKind(path: string): boolean {
  return kindOnly.test(fileStem(path));
}

/**
 * Names without folders where these add nothing: where the name begins with that of a folder (`sub-01/anat/sub-01_T1w.nii`), or
 * where its first part is a subject that occurs in this folder only.
 */
function shortenNames(files: readonly string[]): Map<string, string> {
  const folderOf = (file: string) => file.slice(0, Math.max(0, file.lastIndexOf('/')));
  const subjectOf = (file: string) => fileStem(file).split('_', 1)[0]!;
  const folders = new Map<string, Set<string>>();
  for (const file of files) {
    const found = folders.get(subjectOf(file)) ?? new Set();
    folders.set(subjectOf(file), found.add(folderOf(file)));
  }
  const shortened = files.map((file) => {
    const stem = fileStem(file);
    const repeats = folderOf(file)
      .split('/')
      .some((folder) => folder !== '' && startsWithName(stem, folder));
    const isAlone = !saysOnlyKind(file) && folders.get(subjectOf(file))?.size === 1;
    return repeats || isAlone ? file.slice(file.lastIndexOf('/') + 1) : file;
  });
  // Never two files under one name.
  const isUnique = new Set(shortened).size === files.length;
  return new Map(files.map((file, n) => [file, isUnique ? shortened[n]! : file]));
}

function startsWithName(stem: string, name: string): boolean {
  return stem.startsWith(name) && /^([_.-]|$)/.test(stem.slice(name.length));
}
