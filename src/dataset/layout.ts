/**
 * @file Understands foreign folders: from a list of files to subjects. Pure, so every layout is tested without a disk.
 * Layouts: nnU-Net (imagesTr, labelsTr, raters/<rater>), folders (images, labels, labels_<rater>), suffixes (case_T1, case_labels).
 */
import { parseDatasetJson } from './dataset-json.ts';
import { Notices } from './notices.ts';
import { type Dataset, type DatasetLayout, ratersOf, referenceRater, type Subject } from './subject.ts';

export interface FolderListing {
  /** Paths of volume files relative to the folder, with forward slashes. */
  readonly files: readonly string[];
  /** Contents of dataset.json; undefined when there is none. */
  readonly datasetJson: unknown;
}

/** One file's place: an image channel of a case, or a rater's label map of it. */
export type Role =
  | { readonly kind: 'image'; readonly caseId: string; readonly channel: string }
  | { readonly kind: 'label'; readonly caseId: string; readonly rater: string };

export type RoleOf = (path: string) => Role | undefined;

/** What `folder` holds; paths in the result are the listing's own (relative). */
export function understandLayout({ files, datasetJson }: FolderListing): Omit<Dataset, 'folder'> {
  const notices = new Notices();
  const described = parseDatasetJson(datasetJson);
  if (datasetJson !== undefined && described === undefined) {
    const text =
      'dataset.json is neither nnU-Net version 1 nor 2; names of channels and labels are not known.';
    notices.add({ code: 'DATASET_JSON_INVALID', severity: 'warning', text, file: 'dataset.json' });
  }
  const layout = chooseLayout(files);
  const roleOf = layout === 'suffixes' ? makeSuffixRoles(files) : roleFromFolder;
  const groups = groupByCase(files, roleOf, notices);
  const found = [...new Set([...groups.values()].flatMap((group) => [...group.images.keys()]))].sort();
  const subjects = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([id, group]) => subjectOf(id, group, { channels: found, notices }));
  const names = described?.channels.length === found.length ? described.channels : found.map(channelName);
  return {
    layout,
    channels: names,
    labelNames: described?.labelNames ?? {},
    raters: ratersOf(subjects),
    subjects,
    notices: notices.all,
  };
}

export function chooseLayout(files: readonly string[]): DatasetLayout {
  const has = (prefix: string) => files.some((file) => file.startsWith(prefix));
  if (has('imagesTr/')) return 'nnUNet';
  return has('images/') ? 'folders' : 'suffixes';
}

const extension = /\.(nii|hdr|img)(\.gz)?$/i;
const nnUNetChannel = /_(\d{4})$/;

/** File name without folder and extension. */
export function fileStem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(extension, '');
}

/** Layouts in which the folder says what a file is. Test images (imagesTs) are not for training. */
export function roleFromFolder(path: string): Role | undefined {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const stem = fileStem(path);
  if (folder === 'imagesTr' || folder === 'images') {
    const channel = nnUNetChannel.exec(stem)?.[1] ?? '';
    return { kind: 'image', caseId: stem.replace(nnUNetChannel, ''), channel };
  }
  const rater = /^(?:labels|labelsTr)_(.+)$|^raters\/([^/]+)$/.exec(folder);
  if (folder === 'labelsTr' || folder === 'labels' || rater !== null) {
    const caseId = stem.replace(labelSuffix, '');
    return { kind: 'label', caseId, rater: rater?.[1] ?? rater?.[2] ?? referenceRater };
  }
  return undefined;
}

/** `_labels`, `_seg`, … at the end of a stem, perhaps with a rater behind: `_labels_anna`. */
const labelSuffix = /[_-](?:labels?|seg|segmentation|masks?|lesions?|labelmap)(?:[_-]([a-z0-9]+))?$/i;

/**
 * Layouts in which the name says what a file is. Sub-folders count as part of the name: `sub-01/T1` is `sub-01_T1`. Label maps
 * name the cases; any other file whose name begins with a case is a channel of it.
 */
export function makeSuffixRoles(files: readonly string[]): RoleOf {
  const flatten = (path: string) => path.replace(extension, '').replaceAll('/', '_');
  const names = files.map(flatten);
  const images = names.filter((name) => !labelSuffix.test(name));
  const labels = new Map(names.flatMap((name) => labelRole(name, images)).map((role) => [role.name, role]));
  // Longest first, so that `case1_b` is not taken for a channel of `case1`.
  const cases = [...new Set([...labels.values()].map(({ caseId }) => caseId))];
  const byLength = cases.sort((a, b) => b.length - a.length);
  return (path) => {
    const name = flatten(path);
    const label = labels.get(name);
    if (label !== undefined) return { kind: 'label', caseId: label.caseId, rater: label.rater };
    const caseId = byLength.find((id) => belongsTo(name, id)) ?? beforeLast(name);
    return { kind: 'image', caseId, channel: name.slice(caseId.length + 1) };
  };
}

/** `case_labels`, `case_labels_rater`, or, where only that leads to an image, `case_rater_labels`. */
function labelRole(
  name: string,
  images: readonly string[],
): { name: string; caseId: string; rater: string }[] {
  const suffix = labelSuffix.exec(name);
  if (suffix === null) return [];
  const base = name.slice(0, suffix.index);
  const rater = suffix[1] ?? referenceRater;
  const shorter = beforeLast(base);
  const isRaterInBase =
    !images.some((image) => belongsTo(image, base)) && images.some((image) => belongsTo(image, shorter));
  if (isRaterInBase && suffix[1] === undefined)
    return [{ name, caseId: shorter, rater: base.slice(shorter.length + 1) }];
  return [{ name, caseId: base, rater }];
}

function belongsTo(name: string, caseId: string): boolean {
  return name === caseId || name.startsWith(`${caseId}_`) || name.startsWith(`${caseId}-`);
}

/** The name without its last part: `a_b_T1` → `a_b`; a name of one part stays. */
function beforeLast(name: string): string {
  const cut = name.lastIndexOf('_');
  return cut > 0 ? name.slice(0, cut) : name;
}

interface CaseFiles {
  readonly images: Map<string, string>;
  readonly labels: Map<string, string>;
}

function groupByCase(files: readonly string[], roleOf: RoleOf, notices: Notices): Map<string, CaseFiles> {
  const groups = new Map<string, CaseFiles>();
  for (const file of [...files].sort()) {
    const role = roleOf(file);
    // An .img belongs to the .hdr of the same name.
    if (role === undefined || /\.img(\.gz)?$/i.test(file)) continue;
    const group = groups.get(role.caseId) ?? { images: new Map(), labels: new Map() };
    groups.set(role.caseId, group);
    const place = role.kind === 'image' ? group.images : group.labels;
    const key = role.kind === 'image' ? role.channel : role.rater;
    const taken = place.get(key);
    if (taken === undefined) place.set(key, file);
    else {
      const text = `It has the same place as ${taken}, which is used.`;
      notices.add({ code: 'FILE_IGNORED', severity: 'warning', subject: role.caseId, file, text });
    }
  }
  return groups;
}

function subjectOf(
  id: string,
  { images, labels }: CaseFiles,
  { channels, notices }: { channels: readonly string[]; notices: Notices },
): Subject[] {
  const note = (code: 'IMAGE_WITHOUT_LABEL' | 'LABEL_WITHOUT_IMAGE' | 'CHANNEL_MISSING', text: string) => {
    notices.add({ code, severity: 'unusable', subject: id, text });
    return [];
  };
  if (images.size === 0)
    return note('LABEL_WITHOUT_IMAGE', 'There is a label map, but no image of this name.');
  if (labels.size === 0)
    return note('IMAGE_WITHOUT_LABEL', 'There is an image, but no label map of this name.');
  const missing = channels.filter((channel) => !images.has(channel)).map(channelName);
  if (missing.length > 0)
    return note('CHANNEL_MISSING', `Channels missing: ${missing.join(', ')}; other subjects have them.`);
  return [
    { id, images: channels.map((channel) => images.get(channel)!), labels: Object.fromEntries(labels) },
  ];
}

function channelName(channel: string): string {
  return channel === '' ? 'image' : channel;
}
