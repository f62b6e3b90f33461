/** @file Real projects in temporary folders, with small real volumes. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostEvent } from '../../src/contract/events.ts';
import { makeLibrary, type ProjectLibrary } from '../../src/host/library/library.ts';
import { createProject, openProject, type ProjectFolder } from '../../src/host/project/project-folder.ts';
import { writeVolume } from '../../src/imaging/node/save.ts';
import type { Volume } from '../../src/imaging/volume.ts';
import { makeVoxels } from '../../src/imaging/voxel-type.ts';

export const dims = [6, 5, 4] as const;

/** A small volume; `value` gives the stored number of each voxel. */
export function smallVolume(
  fields: Partial<Volume> = {},
  value: (index: number) => number = (i) => i,
): Volume {
  const dtype = fields.dtype ?? 'int16';
  const size = fields.dims ?? dims;
  const count = size[0] * size[1] * size[2] * (fields.timePoints ?? 1) * (fields.components ?? 1);
  const data = makeVoxels(dtype, count);
  for (let i = 0; i < count; i++)
    data[i] = dtype.endsWith('64') && dtype !== 'float64' ? BigInt(value(i)) : value(i);
  return {
    data,
    dtype,
    dims: size,
    timePoints: 1,
    components: 1,
    spacingMm: [1, 1, 2],
    timeStepS: 0,
    rasFromIjk: [
      [1, 0, 0, -3],
      [0, 1, 0, -2],
      [0, 0, 2, -4],
      [0, 0, 0, 1],
    ],
    slope: 1,
    intercept: 0,
    ...fields,
  };
}

export const smallLabel = (fields: Partial<Volume> = {}) =>
  smallVolume({ dtype: 'uint8', ...fields }, (i) => i % 2);

export interface OpenProject {
  readonly project: ProjectFolder;
  readonly library: ProjectLibrary;
  readonly events: HostEvent[];
  close(): Promise<void>;
}

export async function openWithLibrary(project: ProjectFolder): Promise<OpenProject> {
  const events: HostEvent[] = [];
  const library = await makeLibrary({ project, publish: (event) => events.push(event) });
  const close = async () => {
    await library.close();
    await project.close();
  };
  return { project, library, events, close };
}

export const reopen = async (folder: string) => openWithLibrary(await openProject(folder));

/** A folder that is removed by `remove`; `project` in it is not made yet. */
export async function temporaryFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'sagitta-project-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Subjects `a` (T1 with labels by anna and ben, T2) and `b` (T1 without labels), put there by hand. */
export async function makeSmallProject(folder: string): Promise<OpenProject> {
  const project = await createProject({ folder, name: 'Study' });
  const subjects = join(folder, 'subjects');
  await writeVolume(join(subjects, 'a/images/T1.nii.gz'), smallVolume());
  await writeVolume(join(subjects, 'a/images/T2.nii'), smallVolume());
  await writeVolume(join(subjects, 'a/labels/T1/anna.nii.gz'), smallLabel());
  await writeVolume(join(subjects, 'a/labels/T1/ben.nii.gz'), smallLabel());
  await writeVolume(join(subjects, 'b/images/T1.nii.gz'), smallVolume());
  return openWithLibrary(project);
}

/** Files under a folder, sorted, relative, with forward slashes. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'nothing thrown',
    (error: { code?: unknown }) => error.code ?? error,
  );
}
