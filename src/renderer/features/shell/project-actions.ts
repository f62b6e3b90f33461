/** @file Actions on projects and on taking data in, for keys, the shortcuts sheet and the native menu. */
import type { Action } from '../../state/actions.svelte.ts';
import { projectState } from '../../state/project.svelte.ts';
import { view } from '../../state/view.svelte.ts';
import { importFlow } from '../data/import-flow.svelte.ts';
import { projectFlow } from './projects.svelte.ts';

const hasProject = () => projectState.project !== null;

export const projectActions: readonly Action[] = [
  {
    id: 'project.new',
    label: 'Make a new project',
    group: 'Projects',
    keys: ['mod+shift+o'],
    run: () => {
      view.dialog = 'newProject';
    },
  },
  {
    id: 'project.openSample',
    label: 'Open the sample study',
    group: 'Projects',
    keys: ['mod+shift+s'],
    run: () => void projectFlow.openSample(),
  },
  {
    id: 'project.rename',
    label: 'Rename this project',
    group: 'Projects',
    keys: ['shift+F2'],
    isEnabled: hasProject,
    run: () => {
      view.dialog = 'renameProject';
    },
  },
  {
    id: 'project.close',
    label: 'Close this project',
    group: 'Projects',
    keys: ['mod+shift+x'],
    isEnabled: hasProject,
    run: () => void projectFlow.close(),
  },
  {
    id: 'data.import',
    label: 'Add files',
    group: 'Data',
    keys: ['mod+shift+a'],
    run: () => void importFlow.choose('files'),
  },
  {
    id: 'data.importFolder',
    label: 'Add a folder',
    group: 'Data',
    keys: ['mod+shift+f'],
    run: () => void importFlow.choose('folder'),
  },
];
