/** @file Which files of predictions/ are volumes of the project: those that the prediction's own outputs.json names. */
import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { type ProjectFolder, projectPaths } from '../project/project-folder.ts';

/** Whether `id` is `predictions/<prediction>/…` and named in the outputs.json beside it or further up in that prediction. */
export async function isPredictedFile(project: ProjectFolder, id: string): Promise<boolean> {
  const [root, prediction, ...rest] = id.split('/');
  if (root !== projectPaths.predictions || prediction === undefined || rest.length === 0) return false;
  if (id.includes('\0') || id !== posix.normalize(id) || id.split('/').some((part) => part.startsWith('.')))
    return false;
  for (let at = posix.dirname(id); at !== projectPaths.predictions; at = posix.dirname(at)) {
    const listed = await listedIn(project, `${at}/outputs.json`);
    if (listed.has(id.slice(at.length + 1))) return true;
  }
  return false;
}

/** All strings that occur as values: file names are among them, whatever else the record holds. */
async function listedIn(project: ProjectFolder, path: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(stringsIn(JSON.parse(await readFile(project.path(path), 'utf8'))));
  } catch (error) {
    if (error instanceof SyntaxError || isNotThere(systemErrorCode(error))) return new Set();
    throw error;
  }
}

function isNotThere(code: string | undefined): boolean {
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ELOOP';
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
