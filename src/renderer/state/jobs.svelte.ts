/** @file The queue as the window sees it: kept true by events. */
import type { JobId } from '../../contract/ids.ts';
import type { JobState, JobSummary } from '../../contract/queue.ts';
import { host } from '../client/client.ts';
import { attempt } from './messages.svelte.ts';

const active: ReadonlySet<JobState> = new Set(['waiting', 'running', 'pausing']);

export function isActive(job: JobSummary): boolean {
  return active.has(job.state);
}

class JobsState {
  #byId = $state.raw<ReadonlyMap<string, JobSummary>>(new Map());
  /** Newest first. */
  readonly list: readonly JobSummary[] = $derived(
    [...this.#byId.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)),
  );
  readonly running: JobSummary | undefined = $derived(
    this.list.find(({ state }) => state === 'running' || state === 'pausing'),
  );
  readonly waitingCount: number = $derived(this.list.filter(({ state }) => state === 'waiting').length);

  async refresh(): Promise<void> {
    const jobs = await host.queue.list();
    this.#byId = new Map(jobs.map((job) => [job.id, job]));
  }

  clear(): void {
    this.#byId = new Map();
  }

  put(job: JobSummary): void {
    this.#byId = new Map(this.#byId).set(job.id, job);
  }

  drop(id: JobId): void {
    const rest = new Map(this.#byId);
    rest.delete(id);
    this.#byId = rest;
  }

  find(id: string | null): JobSummary | undefined {
    return id === null ? undefined : this.#byId.get(id);
  }

  async steer(id: JobId, action: 'pause' | 'resume' | 'cancel'): Promise<void> {
    const job = await attempt(() => host.queue[action]({ id }));
    if (job) this.put(job);
  }

  async dismiss(id: JobId): Promise<void> {
    await attempt(() => host.queue.dismiss({ id }));
  }
}

export const jobsState = new JobsState();
