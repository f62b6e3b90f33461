/** @file What can be done with the run that is looked at; the same for buttons, keys and menu. */
import { jobsState } from '../../state/jobs.svelte.ts';
import { messages } from '../../state/messages.svelte.ts';
import { projectState } from '../../state/project.svelte.ts';
import { view } from '../../state/view.svelte.ts';
import { canPause, canRemove, canResume, canStop } from './run-rows.ts';
import { runsView } from './runs-view.svelte.ts';
import { trainForm } from './train-form.svelte.ts';

const is = (test: typeof canPause) => runsView.row !== undefined && test(runsView.row);

export const can = {
  pause: () => is(canPause),
  resume: () => is(canResume),
  stop: () => is(canStop),
  remove: () => is(canRemove),
  change: () => runsView.row?.run != null,
  predict: () => runsView.row?.run?.canPredict === true,
  openFolder: () => window.sagitta !== undefined && runsView.row?.run != null,
} as const;

async function steer(action: 'pause' | 'resume' | 'cancel'): Promise<void> {
  const id = runsView.row?.job?.id;
  if (id !== undefined) await jobsState.steer(id, action);
}

/** Asks nothing: what was learnt is kept and the run can be resumed. */
export const stop = () => void steer('cancel');

export function pauseOrResume(): void {
  if (can.pause()) void steer('pause');
  else if (can.resume()) void steer('resume');
}

export function duplicate(): void {
  const run = runsView.row?.run;
  if (run == null) return;
  if (trainForm.fillFrom(run)) messages.tell(`The form has the settings of “${run.name}”.`);
  else
    messages.tell(
      `The plugin ${run.plugin.name} is not installed or switched off, so its form cannot be filled.`,
    );
}

export function usePrediction(): void {
  const run = runsView.row?.run;
  if (run == null) return;
  view.run = run.id;
  view.page = 'predict';
}

export async function openFolder(): Promise<void> {
  const run = runsView.row?.run;
  const folder = projectState.project?.folder;
  if (run == null || folder === undefined) return;
  const isShown = await window.sagitta?.showInFolder(`${folder}/runs/${run.id}`);
  if (isShown === false) messages.tell('The folder of this run is not there now.');
}

export async function start(): Promise<void> {
  // By key it can be asked for where the button does not work.
  if (trainForm.obstacle !== null) messages.tell(`Not started. ${trainForm.obstacle}`);
  const job = await trainForm.start();
  if (job === undefined) return;
  runsView.follow(job.id);
  view.remember('isRunsOpen', true);
}
