/** @file Opens a data folder (lists its volumes and understands its layout) or a list of subjects in a JSON file. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { parseDatasetList } from '../dataset-list.ts';
import { datasetEmpty, datasetListInvalid, datasetMissing } from '../errors.ts';
import { understandLayout } from '../layout.ts';
import type { Dataset, Subject } from '../subject.ts';

const volumeName = /\.(nii|nii\.gz|hdr|img)$/i;

/**
 * Opens a folder, or the JSON file of a {@link DatasetList}. Reads names and JSON only; smaller faults are in `notices`.
 * Throws DATASET_MISSING, DATASET_EMPTY or DATASET_LIST_INVALID.
 */
export async function openDataset(path: string): Promise<Dataset> {
  const kind = await kindOf(path);
  if (kind === undefined) throw datasetMissing({ folder: path });
  return kind === 'file' ? openList(path) : openFolder(path);
}

async function openList(file: string): Promise<Dataset> {
  const text = await readFile(file, 'utf8');
  return withFolder(parseDatasetList(parseJson(text, file), file), dirname(file));
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw datasetListInvalid({ file, issues: [] });
    throw error;
  }
}

async function openFolder(folder: string): Promise<Dataset> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory() && volumeName.test(entry.name) && !entry.name.startsWith('.'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  const found = understandLayout({ files, datasetJson: await readDatasetJson(folder) });
  if (found.subjects.length === 0)
    throw datasetEmpty({ folder, volumeCount: files.length, notices: found.notices });
  return withFolder(found, folder);
}

function withFolder(dataset: Omit<Dataset, 'folder'>, folder: string): Dataset {
  return { ...dataset, folder, subjects: dataset.subjects.map((subject) => placeIn(subject, folder)) };
}

function placeIn(subject: Subject, folder: string): Subject {
  const labels = Object.entries(subject.labels).map(([rater, file]) => [rater, join(folder, file)]);
  return {
    id: subject.id,
    images: subject.images.map((file) => join(folder, file)),
    labels: Object.fromEntries(labels),
  };
}

async function kindOf(path: string): Promise<'folder' | 'file' | undefined> {
  try {
    const info = await stat(path);
    return info.isDirectory() ? 'folder' : info.isFile() ? 'file' : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Undefined when there is none; null when it is not JSON, which the layout reports. */
async function readDatasetJson(folder: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, 'dataset.json'), 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
