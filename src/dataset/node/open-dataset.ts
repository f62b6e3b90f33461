/** @file Opens a data folder: lists its volumes and understands its layout. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { datasetEmpty, datasetMissing } from '../errors.ts';
import { understandLayout } from '../layout.ts';
import type { Dataset, Subject } from '../subject.ts';

const volumeName = /\.(nii|nii\.gz|hdr|img)$/i;

/** Throws DATASET_MISSING or DATASET_EMPTY; smaller faults are in `notices`. Reads names and dataset.json only. */
export async function openDataset(folder: string): Promise<Dataset> {
  if (!(await isFolder(folder))) throw datasetMissing({ folder });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => !entry.isDirectory() && volumeName.test(entry.name) && !entry.name.startsWith('.'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  const found = understandLayout({ files, datasetJson: await readDatasetJson(folder) });
  if (found.subjects.length === 0)
    throw datasetEmpty({ folder, volumeCount: files.length, notices: found.notices });
  return { ...found, folder, subjects: found.subjects.map((subject) => withFolder(subject, folder)) };
}

function withFolder(subject: Subject, folder: string): Subject {
  const labels = Object.entries(subject.labels).map(([rater, file]) => [rater, join(folder, file)]);
  return {
    id: subject.id,
    images: subject.images.map((file) => join(folder, file)),
    labels: Object.fromEntries(labels),
  };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
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
