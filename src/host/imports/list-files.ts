/** @file The files below paths on this machine, as an import names them. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { UserError } from '../../base/errors.ts';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { pathMissing } from '../errors.ts';
import { importPath } from './errors.ts';
import { isJunk } from './incoming-path.ts';
import type { ImportFile } from './limits.ts';

/**
 * Files as they are; folders with all that lies below them, under the folder's own name. Links to files are followed, links to
 * folders are not. Two paths of one name get ` (2)`. Throws FILE_MISSING, IMPORT_PATH when there are more than `mostFiles`.
 */
export async function listFiles(paths: readonly string[], mostFiles: number): Promise<ImportFile[]> {
  const found: ImportFile[] = [];
  const taken = new Set<string>();
  for (const path of paths) {
    const root = uniqueName(basename(path) || 'files', taken);
    const info = await statOf(path);
    if (info.isDirectory()) found.push(...(await listFolder(path, root)));
    else if (info.isFile()) found.push({ path: root, file: path });
    if (found.length > mostFiles)
      throw importPath({ path, problem: `there are more than ${mostFiles.toLocaleString('en-GB')} files` });
  }
  return found;
}

async function listFolder(folder: string, root: string): Promise<ImportFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: ImportFile[] = [];
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    const path = `${root}/${file.slice(folder.length).split(sep).filter(Boolean).join('/')}`;
    if (isJunk(path.slice(root.length + 1))) continue;
    if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(file)))) files.push({ path, file });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    // A link that leads nowhere.
    if (systemErrorCode(error) !== undefined) return false;
    throw error;
  }
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof UserError || systemErrorCode(error) !== 'ENOENT') throw error;
    throw pathMissing({ path });
  }
}

function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let n = 2; taken.has(unique); n++) unique = `${name} (${n})`;
  taken.add(unique);
  return unique;
}
