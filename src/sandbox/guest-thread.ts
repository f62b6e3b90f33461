/** @file The thread in which a plugin runs: one task, one answer. The host ends it when it overstays. */
import { parentPort, workerData } from 'node:worker_threads';
import { UserError, type UserErrorFields } from '../base/errors.ts';
import { type GuestTask, runGuest } from './guest.ts';
import { ModuleSource } from './module-source.ts';

export interface GuestThreadData extends GuestTask {
  readonly pluginFolder: string;
}

/** Exactly one of the two; `crash` is an error that is not in any catalogue. */
export type GuestAnswer =
  | { readonly draftJson: string }
  | { readonly error: UserErrorFields }
  | { readonly crash: string };

async function answer({ pluginFolder, ...task }: GuestThreadData): Promise<GuestAnswer> {
  try {
    return { draftJson: await runGuest(new ModuleSource(pluginFolder), task) };
  } catch (error) {
    if (!(error instanceof UserError))
      return { crash: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
    const { code, what, file, field, why, next } = error;
    return { error: { code, what, file, field, why, next } };
  }
}

parentPort?.postMessage(await answer(workerData as GuestThreadData));
