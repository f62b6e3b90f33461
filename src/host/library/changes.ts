/** @file Changes of the library: each is written down before it is made, so that it can be undone, and finished after a crash. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ChangeId } from '../../contract/ids.ts';
import type { Change } from '../../contract/library.ts';
import { type ProjectFolder, projectPaths } from '../project/project-folder.ts';
import { fileInTheWay, undoImpossible, volumeUnknown } from './errors.ts';
import { appendEntry, type History, type JournalChange, readJournal } from './journal.ts';
import { findObstacle, finishSteps, reverseSteps, type Step, takeSteps } from './step.ts';

/** What is to be changed. Files that come in or go out lie in the change's own folder of the trash. */
export interface PlannedChange {
  readonly id: ChangeId;
  /** For the undo button, e.g. "Removed sub01". */
  readonly text: string;
  readonly steps: readonly Step[];
  /** Folder (relative) with files that come in; it becomes the change's folder of the trash before the steps are taken. */
  readonly staged?: string;
}

export interface Changes {
  /** Throws FILE_IN_THE_WAY; VOLUME_UNKNOWN when a file is gone. */
  apply(change: PlannedChange): Promise<Change>;
  /** Null when there is nothing to undo. Throws UNDO_IMPOSSIBLE. */
  undo(): Promise<Change | null>;
  redo(): Promise<Change | null>;
  /** Grows with each change, over restarts too. */
  revision(): number;
}

export function newChangeId(): ChangeId {
  const at = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `change-${at}-${randomUUID().slice(0, 8)}` as ChangeId;
}

/** Folder of a change's files, relative to the project. */
export function trashOf(id: ChangeId): string {
  return `${projectPaths.trash}/${id}`;
}

/** Reads the journal and finishes what a crash cut short. Calls must not overlap. */
export async function openChanges(project: ProjectFolder): Promise<Changes> {
  const file = project.path(projectPaths.journal);
  const append = (entry: Parameters<typeof appendEntry>[1]) => appendEntry(file, entry);
  let history = await readJournal(file);
  if (history.open !== undefined) {
    const { change, direction } = history.open;
    await finishSteps(project, direction === 'forward' ? change.steps : reverseSteps(change.steps));
    await append({ type: 'done', id: change.id });
    history = await readJournal(file);
  }
  await removeTrash(history.dropped);

  async function removeTrash(changes: readonly JournalChange[]): Promise<void> {
    for (const { id } of changes) await rm(project.path(trashOf(id)), { recursive: true, force: true });
  }

  /** Between the intent and its end, a crash is repaired on opening. */
  async function make(intent: Parameters<typeof appendEntry>[1], steps: readonly Step[]): Promise<History> {
    await append(intent);
    try {
      await takeSteps(project, steps);
    } catch (error) {
      await append({ type: 'takenBack', id: intent.id });
      throw error;
    }
    await append({ type: 'done', id: intent.id });
    return readJournal(file);
  }

  async function step(type: 'undo' | 'redo'): Promise<Change | null> {
    const change = (type === 'undo' ? history.done : history.undone).at(-1);
    if (change === undefined) return null;
    const { id, text } = change;
    const steps = type === 'undo' ? reverseSteps(change.steps) : change.steps;
    const obstacle = await findObstacle(project, steps);
    if (obstacle !== undefined) throw undoImpossible({ text, ...obstacle });
    history = await make({ type, id }, steps);
    return { id, text };
  }

  async function apply({ id, text, steps, staged }: PlannedChange): Promise<Change> {
    if (staged !== undefined) {
      await mkdir(dirname(project.path(trashOf(id))), { recursive: true });
      await rename(project.path(staged), project.path(trashOf(id)));
    }
    const overtaken = history.undone;
    try {
      const obstacle = await findObstacle(project, steps);
      if (obstacle?.problem === 'missing') throw volumeUnknown({ id: obstacle.path });
      if (obstacle !== undefined) throw fileInTheWay(obstacle);
      history = await make({ type: 'do', id, at: new Date().toISOString(), text, steps: [...steps] }, steps);
    } catch (error) {
      if (staged !== undefined) await rename(project.path(trashOf(id)), project.path(staged));
      throw error;
    }
    await removeTrash(overtaken);
    return { id, text };
  }

  return { apply, undo: () => step('undo'), redo: () => step('redo'), revision: () => history.entryCount };
}
