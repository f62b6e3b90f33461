/** @file The open project and what the host is. */
import type { AppInfo, Project, RecentProject } from '../../contract/projects.ts';
import { host } from '../client/client.ts';

class ProjectState {
  /** Null until the host has answered once. */
  info = $state<AppInfo | null>(null);
  project = $state<Project | null>(null);
  recent = $state<RecentProject[]>([]);
  /** 'refused' when a host answers that was started after this window was opened. */
  connection = $state<'connecting' | 'online' | 'away' | 'refused'>('connecting');

  async refresh(): Promise<void> {
    const [info, recent] = await Promise.all([host.projects.info(), host.projects.recent()]);
    this.info = info;
    this.project = info.project;
    this.recent = recent;
  }
}

export const projectState = new ProjectState();
