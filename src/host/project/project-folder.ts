/** @file The project folder: everything of one study, readable without Sagitta, movable, open in one process at a time. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeJsonAtomic } from '../../base/node/atomic-write.ts';
import { takeLock } from '../../base/node/lock.ts';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { projectExists, projectInUse, projectMissing } from './errors.ts';
import { type ProjectRecord, parseProjectRecord, projectVersion } from './project-record.ts';

/** Where things lie in a project; paths relative to it, with forward slashes. */
export const projectPaths = {
  record: 'project.json',
  subjects: 'subjects',
  runs: 'runs',
  predictions: 'predictions',
  exports: 'exports',
  jobs: 'jobs',
  trash: 'trash',
  lock: '.sagitta/lock',
  index: '.sagitta/index.sqlite',
  journal: '.sagitta/changes.ndjson',
  incoming: '.sagitta/incoming',
} as const;

const folders = ['subjects', 'runs', 'predictions', 'exports', 'jobs', 'trash', 'incoming'] as const;

/** An open project. Not responsible for what lies in it: that is the library's, the queue's, … */
export interface ProjectFolder {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly createdAt: string;
  readonly labelNames: Readonly<Record<string, string>>;
  /** Absolute path of something in the project. */
  path(relative: string): string;
  rename(name: string): Promise<void>;
  setLabelNames(names: Readonly<Record<string, string>>): Promise<void>;
  /** Gives the lock back. */
  close(): Promise<void>;
}

/** Makes a project in `folder`, which must not be there or be empty, and opens it. Throws PROJECT_EXISTS. */
export async function createProject({
  folder,
  name,
}: {
  folder: string;
  name: string;
}): Promise<ProjectFolder> {
  if (!(await isEmptyOrAbsent(folder))) throw projectExists({ folder });
  const record: ProjectRecord = {
    format: 'sagitta-project',
    version: projectVersion,
    id: randomUUID(),
    name,
    createdAt: new Date().toISOString(),
    labelNames: {},
  };
  await mkdir(folder, { recursive: true });
  const unlock = await lockProject(folder);
  // Another process may have made one between the look and the lock.
  if (await isProject(folder)) {
    await unlock();
    throw projectExists({ folder });
  }
  await writeJsonAtomic(join(folder, projectPaths.record), record);
  return opened(resolve(folder), record, unlock);
}

/** Throws PROJECT_MISSING, PROJECT_INVALID, PROJECT_TOO_NEW or PROJECT_IN_USE. */
export async function openProject(folder: string): Promise<ProjectFolder> {
  // Looked at before anything is written, so that a folder that is no project stays as it is.
  await readRecord(folder);
  const unlock = await lockProject(folder);
  try {
    return await opened(resolve(folder), await readRecord(folder), unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** Whether the folder holds a project.json. */
export async function isProject(folder: string): Promise<boolean> {
  return (await readIfThere(join(folder, projectPaths.record))) !== undefined;
}

async function opened(
  folder: string,
  first: ProjectRecord,
  unlock: () => Promise<void>,
): Promise<ProjectFolder> {
  for (const name of folders) await mkdir(join(folder, projectPaths[name]), { recursive: true });
  let record = first;
  const change = async (fields: Partial<ProjectRecord>) => {
    const next = { ...record, ...fields };
    await writeJsonAtomic(join(folder, projectPaths.record), next);
    record = next;
  };
  return {
    id: record.id,
    folder,
    createdAt: record.createdAt,
    get name() {
      return record.name;
    },
    get labelNames() {
      return record.labelNames;
    },
    path: (relative) => join(folder, relative),
    rename: (name) => change({ name }),
    setLabelNames: (labelNames) => change({ labelNames }),
    close: unlock,
  };
}

async function lockProject(folder: string): Promise<() => Promise<void>> {
  const file = join(resolve(folder), projectPaths.lock);
  await mkdir(join(folder, '.sagitta'), { recursive: true });
  const attempt = await takeLock(file);
  if ('holder' in attempt) throw projectInUse({ folder, processId: attempt.holder });
  return attempt.unlock;
}

async function readRecord(folder: string): Promise<ProjectRecord> {
  const file = join(folder, projectPaths.record);
  const text = await readIfThere(file);
  if (text === undefined) throw projectMissing({ folder });
  return parseProjectRecord(text, file);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function isEmptyOrAbsent(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT') return true;
    if (code === 'ENOTDIR') return false;
    throw error;
  }
}
