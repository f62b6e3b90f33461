/** @file Keeps the state true to the host: fetches all once, then follows the events. The one place that knows which event touches what. */
import type { HostEvent } from '../../contract/events.ts';
import { isOfEarlierStart } from '../client/errors.ts';
import { listen } from '../client/events.ts';
import { jobsState } from './jobs.svelte.ts';
import { libraryState } from './library.svelte.ts';
import { attempt, messages } from './messages.svelte.ts';
import { pluginsState } from './plugins.svelte.ts';
import { predictionsState } from './predictions.svelte.ts';
import { projectState } from './project.svelte.ts';
import { runsState } from './runs.svelte.ts';
import { view } from './view.svelte.ts';

async function refreshProject(): Promise<void> {
  await Promise.all([
    libraryState.refresh(),
    jobsState.refresh(),
    runsState.refresh(),
    predictionsState.refresh(),
  ]);
}

function clearProject(): void {
  messages.dropActions();
  view.clearSelection();
  libraryState.clear();
  jobsState.clear();
  runsState.clear();
  predictionsState.clear();
}

async function refreshAll(): Promise<void> {
  await projectState.refresh();
  await pluginsState.refresh();
  if (projectState.project === null) clearProject();
  else await refreshProject();
}

async function switchProject(project: Extract<HostEvent, { type: 'project' }>['project']): Promise<void> {
  const isAnother = project?.id !== projectState.project?.id;
  projectState.project = project;
  if (isAnother) clearProject();
  await projectState.refresh();
  if (isAnother && project !== null) await refreshProject();
}

export function handleEvent(event: HostEvent): Promise<unknown> | undefined {
  switch (event.type) {
    case 'reset':
      return attempt(refreshAll);
    case 'project':
      return attempt(() => switchProject(event.project));
    case 'library':
      return event.revision === libraryState.current.revision
        ? undefined
        : attempt(() => libraryState.refresh());
    case 'job':
      jobsState.put(event.job);
      return undefined;
    case 'jobDismissed':
      jobsState.drop(event.id);
      return undefined;
    case 'metrics':
      runsState.addMetrics(event);
      return undefined;
    case 'runs':
      return attempt(() => runsState.refresh());
    case 'predictions':
      return attempt(() => predictionsState.refresh());
  }
}

/** Returns how to stop. */
export function startSync(): () => void {
  const abort = new AbortController();
  let isFirst = true;
  void listen(
    {
      onEvent: (event) => void handleEvent(event),
      onConnection: (state, reason) => {
        projectState.connection = isOfEarlierStart(reason) ? 'refused' : state;
        // News that came before the first answer are in it.
        if (state === 'online' && isFirst) {
          isFirst = false;
          void attempt(refreshAll);
        }
      },
    },
    abort.signal,
  );
  return () => abort.abort();
}
