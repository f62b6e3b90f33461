/** @file Folders of this machine, to choose one where there is no native dialog. Names only; files are not listed. */
import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { systemErrorCode } from '../base/node/system-error.ts';
import { pathMissing } from './errors.ts';
import { isProject } from './project/project-folder.ts';

export interface BrowsedFolder {
  folder: string;
  parent: string | null;
  folders: { name: string; folder: string; isProject: boolean }[];
}

/** Hidden folders are left out. Throws FILE_MISSING. */
export async function browseFolder(folder: string = homedir()): Promise<BrowsedFolder> {
  const here = resolve(folder);
  const parent = dirname(here);
  const names = await foldersIn(here);
  const folders = await Promise.all(
    names.map(async (name) => {
      const path = join(here, name);
      return { name, folder: path, isProject: await isProjectIfReadable(path) };
    }),
  );
  return { folder: here, parent: parent === here ? null : parent, folders };
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    const code = systemErrorCode(error);
    throw code === 'ENOENT' || code === 'ENOTDIR' ? pathMissing({ path: folder }) : error;
  });
  const visible = entries.filter(({ name }) => !name.startsWith('.'));
  const isFolder = await Promise.all(
    visible.map((entry) =>
      entry.isSymbolicLink() ? leadsToFolder(join(folder, entry.name)) : entry.isDirectory(),
    ),
  );
  return visible
    .filter((_, index) => isFolder[index])
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b));
}

async function leadsToFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}

async function isProjectIfReadable(folder: string): Promise<boolean> {
  try {
    return await isProject(folder);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}
