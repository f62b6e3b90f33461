/** @file Takes a folder of the project out of sight without deleting it: a person may want it back by hand. */
import { mkdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { projectPaths } from './project-folder.ts';

/** `path` is relative to the project; where it lies now is returned, relative too. */
export async function moveToTrash(project: string, path: string): Promise<string> {
  const at = new Date().toISOString().slice(0, 23).replaceAll(/[-:.]/g, '').replace('T', '-');
  const target = `${projectPaths.trash}/${at}-${basename(path)}`;
  await mkdir(join(project, projectPaths.trash), { recursive: true });
  await rename(join(project, path), join(project, target));
  return target;
}
