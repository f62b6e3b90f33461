/** @file What lies in the project's subjects/: the files, and what their place says of them. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { type ProjectFolder, projectPaths } from '../project/project-folder.ts';

export interface FoundFile {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly subject: string;
  readonly image: string;
  /** Of a label map; undefined for an image. */
  readonly rater: string | undefined;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

const volumeEnding = /\.nii(\.gz)?$/i;

/** File name without the ending of a volume. */
export function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(volumeEnding, '');
}

/** Where the files of an image and its label maps lie, without endings. */
export const placeOf = {
  subject: (subject: string) => `${projectPaths.subjects}/${subject}`,
  image: (subject: string, image: string) => `${projectPaths.subjects}/${subject}/images/${image}`,
  label: (subject: string, image: string, rater: string) =>
    `${projectPaths.subjects}/${subject}/labels/${image}/${rater}`,
};

/** All volumes, images before label maps. Links are not followed: what they point to may lie outside the project. */
export async function scanSubjects(project: ProjectFolder): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const volumes = async (folder: string) =>
    (await entriesOf(project, folder)).filter((entry) => entry.isFile() && volumeEnding.test(entry.name));
  const add = async (path: string, place: Pick<FoundFile, 'subject' | 'image' | 'rater'>) => {
    const facts = await statIfThere(project.path(path));
    if (facts !== undefined) found.push({ path, ...place, sizeBytes: facts.size, mtimeMs: facts.mtimeMs });
  };
  for (const subject of await foldersIn(project, projectPaths.subjects)) {
    const root = placeOf.subject(subject);
    for (const { name } of await volumes(`${root}/images`))
      await add(`${root}/images/${name}`, { subject, image: stemOf(name), rater: undefined });
    for (const image of await foldersIn(project, `${root}/labels`))
      for (const { name } of await volumes(`${root}/labels/${image}`))
        await add(`${root}/labels/${image}/${name}`, { subject, image, rater: stemOf(name) });
  }
  return found;
}

async function foldersIn(project: ProjectFolder, path: string): Promise<string[]> {
  return (await entriesOf(project, path)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function entriesOf(project: ProjectFolder, path: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(project.path(path), { withFileTypes: true });
    return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

async function statIfThere(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
