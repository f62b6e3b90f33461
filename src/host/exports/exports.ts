/** @file The door out of a project: what would be written, then that, into a folder of the person's choice or exports/. */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, normalize, sep } from 'node:path';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { makeSerial } from '../../base/serial.ts';
import type { ExportOptions, ExportResult } from '../../contract/exports.ts';
import { safePath } from '../imports/incoming-path.ts';
import { nameKey, usableName } from '../project/file-name.ts';
import { projectPaths } from '../project/project-folder.ts';
import type { ExportService } from '../services.ts';
import { exportFolder, exportUnknown } from './errors.ts';
import { uniqueFileName } from './names.ts';
import { type Output, outputsOf, type Sources } from './outputs.ts';

/** Files are never replaced: a name that is taken gets a number. */
export function makeExports(sources: Sources): ExportService {
  const { project } = sources;
  const own = project.path(projectPaths.exports);
  const serial = makeSerial();

  async function prepare(options: ExportOptions) {
    const folder = options.folder ?? own;
    await refuseFolder(folder);
    const outputs = await outputsOf(options, sources);
    const taken = new Set((await namesIn(folder)).map(nameKey));
    const named = outputs.map((output) => ({
      output,
      name: uniqueFileName(usableName(output.stem, 'export'), output.ending, taken),
    }));
    return { folder, named };
  }

  /** Within the project only `exports/` may be written to. */
  async function refuseFolder(folder: string): Promise<void> {
    if (!isAbsolute(folder)) throw exportFolder({ folder, problem: 'its path is not absolute' });
    const within = `${normalize(folder)}${sep}`;
    if (within.startsWith(`${project.folder}${sep}`) && !within.startsWith(`${own}${sep}`))
      throw exportFolder({ folder, problem: "it belongs to the project's own data" });
    if (await isNoFolder(folder)) throw exportFolder({ folder, problem: 'it is a file' });
  }

  return {
    plan: async (options) => {
      const { folder, named } = await prepare(options);
      const files = named.map(({ name, output }) => ({ name, sizeBytes: output.sizeBytes, replaces: false }));
      return { folder, files };
    },
    write: (options) =>
      serial(async () => {
        const { folder, named } = await prepare(options);
        await mkdir(folder, { recursive: true });
        await writeAll(folder, named);
        const files: ExportResult['files'] = [];
        for (const { name } of named) {
          const path = join(folder, name);
          const isOwn = normalize(folder) === own;
          files.push({ name, path, sizeBytes: (await stat(path)).size, downloadPath: isOwn ? name : null });
        }
        return { folder, files };
      }),
    file: async (path) => {
      const file = await findExport(own, path);
      if (file === undefined) throw exportUnknown({ path });
      const { size } = await stat(file);
      return { stream: createReadStream(file), sizeBytes: size, name: basename(file) };
    },
  };
}

/** All into a folder beside their places, then each to its place, so that what is there is whole. */
async function writeAll(folder: string, named: readonly { output: Output; name: string }[]): Promise<void> {
  const staged = join(folder, `.sagitta-export-${randomUUID().slice(0, 8)}`);
  await mkdir(staged);
  try {
    for (const { output, name } of named) await output.write(join(staged, name));
    for (const { name } of named) await rename(join(staged, name), join(folder, name));
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function isNoFolder(path: string): Promise<boolean> {
  try {
    return !(await stat(path)).isDirectory();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOTDIR') return true;
    if (code === 'ENOENT') return false;
    throw error;
  }
}

/** A plain file below `own`, links not followed; undefined for anything else. */
async function findExport(own: string, path: string): Promise<string | undefined> {
  const parts = path.split('/');
  if (path !== path.normalize('NFC') || parts.some((part) => part === '' || part.startsWith('.')))
    return undefined;
  try {
    const file = join(own, safePath(path));
    if (!(await lstat(file)).isFile()) return undefined;
    return (await realpath(file)).startsWith((await realpath(own)) + sep) ? file : undefined;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'IMPORT_PATH') return undefined;
    throw error;
  }
}
