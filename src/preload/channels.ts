/** @file The names on the wire between a page's bridge and the shell: a closed list, each with one meaning. */

/** Asked by the page, answered by the shell. */
export const askChannels = {
  chooseFolder: 'sagitta:choose-folder',
  chooseFiles: 'sagitta:choose-files',
  showInFolder: 'sagitta:show-in-folder',
} as const;

/** Told by the page. */
export const tellChannels = {
  /** The bridge is there and listens. */
  listening: 'sagitta:listening',
  busy: 'sagitta:busy',
  recentProjects: 'sagitta:recent-projects',
} as const;

/** Told by the shell. */
export const newsChannels = {
  command: 'sagitta:command',
  openFiles: 'sagitta:open-files',
  hostState: 'sagitta:host-state',
} as const;
