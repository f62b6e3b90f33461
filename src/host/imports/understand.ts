/** @file From the files of an import to what is proposed: subjects, images, label maps by rater, and what is refused. */
import { readFile } from 'node:fs/promises';
import { mapConcurrently } from '../../base/concurrent.ts';
import { systemErrorCode } from '../../base/node/system-error.ts';
import type { ImportId } from '../../contract/ids.ts';
import type { ImportItem, ImportProposal } from '../../contract/imports.ts';
import { fileStem } from '../../dataset/layout.ts';
import { datasetRoots, type PlacedFile, placeFiles, saysOnlyKind } from '../../dataset/place-files.ts';
import { referenceRater } from '../../dataset/subject.ts';
import { orientationLetters } from '../../imaging/geometry/orientation.ts';
import { nameKey, usableName } from '../project/file-name.ts';
import { guessLabel } from './guess-label.ts';
import type { ImportFile } from './limits.ts';
import { findImageOf, gridProblem, type ImageOffer, sharedStart } from './pair-labels.ts';
import { type ProbedVolume, probeFiles } from './probe.ts';
import { summaryOf } from './summary.ts';

/** Each holds up to 32 MB. */
const concurrentLooks = 4;

/** One volume with its place, which the steps below make better. */
interface Draft extends PlacedFile {
  readonly volume: ProbedVolume;
  readonly warnings: readonly string[];
}

export interface UnderstandOptions {
  readonly id: ImportId;
  /** Images that the project has already: a label map may be drawn on one of them. */
  readonly existing: readonly ImageOffer[];
}

/** Reads headers, and of files of unclear role some voxels. Files that cannot be read are among the refused. */
export async function understand(
  files: readonly ImportFile[],
  { id, existing }: UnderstandOptions,
): Promise<{ proposal: ImportProposal; volumes: readonly ProbedVolume[] }> {
  const descriptions = files.filter(({ path }) => /(^|\/)dataset\.json$/.test(path));
  const { volumes, refused } = await probeFiles(files.filter((file) => !descriptions.includes(file)));
  const named = volumes.filter(({ stack }) => stack === undefined);
  const { drafts, layouts, labelNames } = await placeVolumes(named, descriptions);
  drafts.push(...volumes.flatMap((volume) => placeStack(volume)));
  const guessed = await mapConcurrently(drafts, concurrentLooks, guessRole);
  const usable = guessed.map((draft) => ({
    ...draft,
    subject: usableName(draft.subject, 'subject'),
    name: usableName(draft.name, 'image'),
    rater: draft.rater === undefined ? undefined : usableName(draft.rater, referenceRater),
  }));
  const images = uniqueImages(usable.filter(({ role }) => role === 'image'));
  const offers = [...images.map(offerOf), ...existing];
  const labels = uniqueLabels(
    usable.filter(({ role }) => role === 'label').map((draft) => pairLabel(draft, offers)),
  );
  const items = [...images, ...labels].map((draft) => itemOf(draft, existing));
  const proposal = {
    id,
    summary: summaryOf(items, named.length === volumes.length ? layouts : [...layouts, 'dicom']),
    items: items.sort((a, b) => (a.path < b.path ? -1 : 1)),
    refused: [...refused],
    labelNames,
  };
  return { proposal, volumes };
}

/** Data sets that lie side by side are understood each for itself; all other files together. */
async function placeVolumes(volumes: readonly ProbedVolume[], descriptions: readonly ImportFile[]) {
  const paths = volumes.map(({ path }) => path);
  const roots = datasetRoots(paths);
  const byRoot = Map.groupBy(volumes, ({ path }) => roots.find((root) => path.startsWith(root)));
  const drafts: Draft[] = [];
  const layouts = new Set<string>();
  let labelNames: Record<string, string> = {};
  for (const [found, members] of byRoot) {
    const root = found ?? commonFolder(members.map(({ path }) => path));
    const description = descriptions.find(({ path }) => path === `${root}dataset.json`);
    const relative = members.map(({ path }) => path.slice(root.length));
    const placed = placeFiles(relative, description && (await readJson(description.file)));
    layouts.add(placed.layout);
    labelNames = { ...labelNames, ...placed.labelNames };
    drafts.push(...placed.files.map((file, n) => ({ ...file, volume: members[n]!, warnings: [] })));
  }
  return { drafts, layouts: [...layouts], labelNames };
}

/** A DICOM stack is an image of its patient; the folder that was dropped gives the subject's name, for patients' own names are not used. */
function placeStack(volume: ProbedVolume): Draft[] {
  const { stack, patient, path } = volume;
  if (stack === undefined) return [];
  const [folder = ''] = path.split('/').length > 1 ? path.split('/') : ['subject'];
  const subject = patient === undefined ? folder : `${folder} ${patient}`;
  const { title: name, notices: warnings } = stack;
  return [{ path, role: 'image', subject, name, rater: undefined, isSure: true, volume, warnings }];
}

/** With a slash at the end; empty when the files share none. A folder that is the only one to say a subject's name is left to it. */
function commonFolder(paths: readonly string[]): string {
  const shared = paths.reduce((common, path) => common.slice(0, sharedStart(common, path)), paths[0] ?? '');
  const common = shared.slice(0, shared.lastIndexOf('/') + 1);
  const isSubject = paths.every((path) => saysOnlyKind(path) && path.lastIndexOf('/') === common.length - 1);
  return isSubject ? common.slice(0, common.slice(0, -1).lastIndexOf('/') + 1) : common;
}

/** Undefined for what is no JSON: names of channels and labels are then not known. */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || systemErrorCode(error) !== undefined) return undefined;
    throw error;
  }
}

/** Where neither folder nor name say what a file is, its voxels do. The name of the image that it seemed to be becomes the rater. */
async function guessRole(draft: Draft): Promise<Draft> {
  if (draft.isSure || !(await guessLabel(draft.volume))) return draft;
  const rater = draft.name === 'image' ? referenceRater : draft.name;
  return { ...draft, role: 'label', rater, name: 'image' };
}

function offerOf({ subject, name, volume }: Draft): ImageOffer {
  return { subject, name, grid: volume.header, stem: fileStem(volume.path), folder: folderOf(volume.path) };
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function pairLabel(draft: Draft, offers: readonly ImageOffer[]): Draft {
  const { header, path } = draft.volume;
  const query = { subject: draft.subject, grid: header, stem: fileStem(path), folder: folderOf(path) };
  const { image, fitting } = findImageOf(query, offers);
  const warn = (text: string) => ({ ...draft, warnings: [...draft.warnings, text] });
  if (image === undefined) {
    return warn(
      fitting === 0
        ? 'There is no image of its grid here or in the project: take in the image as well.'
        : `${fitting} images have its grid: give it the subject and name of the one that it was drawn on.`,
    );
  }
  const problem = gridProblem(image.grid, header);
  const { subject, name } = image;
  return {
    ...(problem === undefined ? draft : warn(`It does not lie on the grid of ${name}: ${problem}.`)),
    subject,
    name,
  };
}

/** Two files for one place: the later one gets a number, and the person decides. */
function uniqueImages(drafts: readonly Draft[]): Draft[] {
  const taken = new Set<string>();
  return drafts.map((draft) => ({
    ...draft,
    name: uniqueName(draft.name, (name) => placeKey(draft.subject, name), taken),
  }));
}

function uniqueLabels(drafts: readonly Draft[]): Draft[] {
  const taken = new Set<string>();
  return drafts.map((draft) => ({
    ...draft,
    rater: uniqueName(
      draft.rater ?? referenceRater,
      (rater) => placeKey(draft.subject, draft.name, rater),
      taken,
    ),
  }));
}

export function placeKey(...names: readonly string[]): string {
  return names.map(nameKey).join('/');
}

function uniqueName(name: string, keyOf: (name: string) => string, taken: Set<string>): string {
  let unique = name;
  for (let n = 2; taken.has(keyOf(unique)); n++) unique = `${name} ${n}`;
  taken.add(keyOf(unique));
  return unique;
}

function itemOf(draft: Draft, existing: readonly ImageOffer[]): ImportItem {
  const { role, subject, name, rater, volume } = draft;
  const { dims, spacingMm, rasFromIjk, timePoints, dtype, format, components } = volume.header;
  const warnings = [...draft.warnings];
  const isThere = existing.some((image) => placeKey(image.subject, image.name) === placeKey(subject, name));
  if (role === 'image' && isThere)
    warnings.push(`${subject} has an image ${name} already: give it another name.`);
  if (role === 'label' && timePoints > 1)
    warnings.push(`Of its ${timePoints} time points, training sees the first.`);
  if (components > 1)
    warnings.push(`A voxel has ${components} values; methods for plain images cannot learn from it.`);
  return {
    path: volume.path,
    role,
    subject,
    name,
    ...(role === 'label' && { rater: rater ?? referenceRater }),
    dims: [...dims],
    spacingMm: [...spacingMm],
    orientation: orientationLetters(rasFromIjk),
    timePoints,
    dtype,
    format,
    sizeBytes: volume.sizeBytes,
    warnings,
  };
}
