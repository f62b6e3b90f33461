/** @file Opening, making, renaming and closing projects: what the start page, the dialogs and the native menu all do. */
import type { ErrorReport } from '../../../base/errors.ts';
import type { Project } from '../../../contract/projects.ts';
import { host } from '../../client/client.ts';
import { reportOf } from '../../client/errors.ts';
import { attempt, messages } from '../../state/messages.svelte.ts';
import { projectState } from '../../state/project.svelte.ts';
import { handleEvent } from '../../state/sync.ts';
import { view } from '../../state/view.svelte.ts';
import { uniqueName } from '../data/dropped-files.ts';

class ProjectFlow {
  /** What is being opened now: 'sample', 'new', or a folder. */
  opening = $state<string | null>(null);
  /** Why the folder that was chosen in the dialog cannot be opened. */
  refusal = $state.raw<{ folder: string; report: ErrorReport } | null>(null);

  /** Throws what the host refuses; the window then stays where it is. */
  async #enter(what: string, open: () => Promise<Project>): Promise<Project> {
    this.opening = what;
    try {
      const project = await open();
      await handleEvent({ type: 'project', project });
      return project;
    } finally {
      this.opening = null;
    }
  }

  /** For dialogs, which show the error beside the field. */
  create(options: { name: string; parent?: string }): Promise<Project> {
    return this.#enter('new', () => host.projects.create(options));
  }

  /** Makes a project of about that name for data that was dropped before there was one. */
  async createFor(name: string): Promise<Project> {
    const taken = projectState.recent.map((recent) => recent.name);
    for (;;) {
      const free = uniqueName(name, taken);
      try {
        return await this.create({ name: free });
      } catch (error) {
        if (reportOf(error).code !== 'PROJECT_EXISTS') throw error;
        taken.push(free);
      }
    }
  }

  /** What the host refuses is said in the dialog while it is open, else in passing. */
  async open(folder: string): Promise<void> {
    this.refusal = null;
    try {
      await this.#enter(folder, () => host.projects.open({ folder }));
      view.dialog = null;
    } catch (error) {
      if (view.dialog === 'openProject') this.refusal = { folder, report: reportOf(error) };
      else messages.fail(error);
      // A recent project may have gone away.
      await attempt(() => projectState.refresh());
    }
  }

  async openSample(): Promise<void> {
    const project = await attempt(() => this.#enter('sample', () => host.projects.openSample()));
    if (project !== undefined) view.dialog = null;
  }

  /** Throws what the host refuses. */
  async rename(name: string): Promise<void> {
    projectState.project = await host.projects.rename({ name });
  }

  async close(): Promise<void> {
    const name = projectState.project?.name;
    await attempt(async () => {
      await host.projects.close();
      await handleEvent({ type: 'project', project: null });
      view.dialog = null;
      messages.tell(`Closed ${name}. Everything in it is saved.`);
    });
  }

  async forget(folder: string): Promise<void> {
    await attempt(async () => {
      await host.projects.forget({ folder });
      projectState.recent = await host.projects.recent();
    });
  }
}

export const projectFlow = new ProjectFlow();
