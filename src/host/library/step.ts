/** @file The steps that a change of the library is made of: moves within the project, names of labels. Each can be taken back. */
import { lstat, mkdir, readdir, rename, rmdir } from 'node:fs/promises';
import { dirname, posix } from 'node:path';
import { z } from 'zod';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { nameKey } from '../project/file-name.ts';
import { type ProjectFolder, projectPaths } from '../project/project-folder.ts';

const names = z.record(z.string(), z.string());

export const stepSchema = z.discriminatedUnion('kind', [
  /** A file or a folder; paths relative to the project, with forward slashes. */
  z.object({ kind: z.literal('move'), from: z.string(), to: z.string() }),
  z.object({ kind: z.literal('labelNames'), before: names, after: names }),
]);

export type Step = z.infer<typeof stepSchema>;

export function reverseSteps(steps: readonly Step[]): Step[] {
  return [...steps]
    .reverse()
    .map((step) =>
      step.kind === 'move'
        ? { kind: 'move', from: step.to, to: step.from }
        : { kind: 'labelNames', before: step.after, after: step.before },
    );
}

export interface Obstacle {
  readonly path: string;
  /** What should be moved is gone, or something lies where it should go. */
  readonly problem: 'missing' | 'taken';
}

/** The first path that is not as the steps need it; undefined when all can be taken. Earlier steps count. */
export async function findObstacle(
  project: ProjectFolder,
  steps: readonly Step[],
): Promise<Obstacle | undefined> {
  const known = new Map<string, boolean>();
  const isThere = async (path: string) => known.get(path) ?? (await exists(project, path));
  for (const step of steps) {
    if (step.kind !== 'move') continue;
    if (!(await isThere(step.from))) return { path: step.from, problem: 'missing' };
    if (!isSameName(step) && (await isThere(step.to))) return { path: step.to, problem: 'taken' };
    known.set(step.from, false).set(step.to, true);
  }
  return undefined;
}

/** Takes all steps or, when one fails, takes back those before it and throws. */
export async function takeSteps(project: ProjectFolder, steps: readonly Step[]): Promise<void> {
  const taken: Step[] = [];
  try {
    for (const step of steps) {
      await takeStep(project, step);
      taken.push(step);
    }
  } catch (error) {
    for (const step of reverseSteps(taken)) await takeStep(project, step);
    throw error;
  }
}

/** Goes on with steps that a crash cut short. Those that no longer can be taken (files removed by hand) are passed over. */
export async function finishSteps(project: ProjectFolder, steps: readonly Step[]): Promise<void> {
  let first = 0;
  for (const [n, step] of steps.entries()) if (await isTaken(project, step)) first = n + 1;
  for (const step of steps.slice(first)) {
    if ((await findObstacle(project, [step])) === undefined) await takeStep(project, step);
  }
}

async function takeStep(project: ProjectFolder, step: Step): Promise<void> {
  if (step.kind === 'labelNames') return project.setLabelNames(step.after);
  await mkdir(dirname(project.path(step.to)), { recursive: true });
  await rename(project.path(step.from), project.path(step.to));
  await removeEmptyFolders(project, posix.dirname(step.from));
}

/** Steps are taken in order, so one whose source is gone and whose target is there has been, and so have all before it. */
async function isTaken(project: ProjectFolder, step: Step): Promise<boolean> {
  if (step.kind !== 'move') return false;
  return !(await exists(project, step.from)) && (await exists(project, step.to));
}

/** A change of capitals alone: on some systems the target "exists" then, being the source. */
function isSameName({ from, to }: { from: string; to: string }): boolean {
  return from !== to && nameKey(from) === nameKey(to);
}

async function exists(project: ProjectFolder, path: string): Promise<boolean> {
  try {
    await lstat(project.path(path));
    return true;
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/** Upwards from `path`, but never `subjects` or `trash` themselves. */
async function removeEmptyFolders(project: ProjectFolder, path: string): Promise<void> {
  const kept: readonly string[] = [projectPaths.subjects, projectPaths.trash, '.'];
  for (let at = path; !kept.includes(at); at = posix.dirname(at)) {
    if (!(await exists(project, at))) continue;
    if ((await readdir(project.path(at))).length > 0) return;
    await rmdir(project.path(at));
  }
}
