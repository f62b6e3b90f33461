/** @file What the desktop shell asks of the page and is told by it. Does nothing in a browser. */
import type { ShellCommand, ShellCommandName } from '../../../contract/shell.ts';
import { actions } from '../../state/actions.svelte.ts';
import { messages } from '../../state/messages.svelte.ts';
import { view } from '../../state/view.svelte.ts';
import { importFlow } from '../data/import-flow.svelte.ts';
import { projectFlow } from './projects.svelte.ts';

/** Menu commands whose action goes by another name here; undo and redo belong to the page that has their key now. */
const actionOf: Partial<Record<ShellCommandName, string>> = {
  'page.settings': 'app.settings',
  'view.toggleLibrary': 'view.library',
  'view.toggleInspector': 'view.inspector',
  'view.toggleRuns': 'view.runs',
};
const keyOfCommand: Partial<Record<ShellCommandName, string>> = {
  'edit.undo': 'mod+z',
  'edit.redo': 'mod+shift+z',
};

function obey({ name, folder }: ShellCommand): void {
  if (view.dialog !== null && view.dialog !== 'openProject') return;
  if (name === 'project.open' && folder !== undefined) void projectFlow.open(folder);
  else if (keyOfCommand[name] !== undefined) actions.runKey(keyOfCommand[name]);
  else actions.run(actionOf[name] ?? name);
}

/** Follows the shell. Returns how to stop. */
export function startShellLink(): () => void {
  const shell = window.sagitta;
  if (shell === undefined) return () => undefined;
  const stops = [
    shell.onCommand(obey),
    shell.onOpenFiles((paths) => void importFlow.fromPaths(paths)),
    shell.onHostState((state) => {
      if (state.state !== 'ready') messages.tell(state.message);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
