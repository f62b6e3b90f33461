/** @file What the host does with volume files outside a project, for the command line: describe, convert, list. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { throwIfCancelled } from '../../base/cancel.ts';
import { describeVolume, type VolumeDescription } from '../../imaging/info.ts';
import { readVolume } from '../../imaging/node/open.ts';
import { writeVolume } from '../../imaging/node/save.ts';
import { noVolumesFound, pathMissing } from '../errors.ts';

const volumeName = /\.(nii|nii\.gz|hdr)$/i;

export async function describeFile(
  file: string,
  signal: AbortSignal,
): Promise<VolumeDescription & { file: string }> {
  throwIfCancelled(signal);
  return { file, ...describeVolume(await readVolume(file)) };
}

/** Returns the files written. */
export async function convertFile(from: string, to: string, signal: AbortSignal): Promise<string[]> {
  throwIfCancelled(signal);
  const volume = await readVolume(from);
  throwIfCancelled(signal);
  await writeVolume(to, volume);
  return [to];
}

/** Files as given; folders as the volumes that lie directly in them, by name. */
export async function listVolumes(paths: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(paths.map(listOne));
  return lists.flat();
}

async function listOne(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => {
    throw pathMissing({ path });
  });
  if (!info.isDirectory()) return [path];
  const names = (await readdir(path)).filter(
    (name) => volumeName.test(name) && !basename(name).startsWith('.'),
  );
  if (names.length === 0) throw noVolumesFound({ folder: path });
  return names.sort().map((name) => join(path, name));
}
