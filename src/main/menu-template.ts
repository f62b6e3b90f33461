/**
 * @file The native menu as plain data. Items either have a role that the system plays, or send the page a command.
 * The page's own keys are the page's: where an item shows one, it is not registered (on macOS the page is asked first).
 */
import type { MenuItemConstructorOptions } from 'electron';
import type { RecentFolder, ShellCommand, ShellCommandName } from '../contract/shell.ts';

export interface MenuOptions {
  readonly platform: NodeJS.Platform;
  readonly isDevelopment: boolean;
  readonly recent: readonly RecentFolder[];
  readonly send: (command: ShellCommand) => void;
  readonly openDocumentation: () => void;
  readonly showAbout: () => void;
}

type Item = MenuItemConstructorOptions;

const separator: Item = { type: 'separator' };

export function menuTemplate(options: MenuOptions): Item[] {
  const isMac = options.platform === 'darwin';
  return [
    ...(isMac ? [appMenu(options)] : []),
    fileMenu(options),
    editMenu(options),
    viewMenu(options),
    isMac ? { role: 'windowMenu' } : { label: '&Window', submenu: [{ role: 'minimize' }, { role: 'close' }] },
    helpMenu(options),
  ];
}

interface CommandItem {
  readonly name: ShellCommandName;
  readonly label: string;
  readonly accelerator?: string;
}

function commandItem({ send }: MenuOptions, { name, label, accelerator }: CommandItem): Item {
  return {
    id: name,
    label,
    click: () => send({ name }),
    ...(accelerator !== undefined && { accelerator, registerAccelerator: false }),
  };
}

function appMenu(options: MenuOptions): Item {
  return {
    label: 'Sagitta',
    submenu: [
      { label: 'About Sagitta', click: options.showAbout },
      separator,
      commandItem(options, { name: 'page.settings', label: 'Settings…', accelerator: 'CmdOrCtrl+,' }),
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  };
}

function fileMenu(options: MenuOptions): Item {
  const isMac = options.platform === 'darwin';
  return {
    label: '&File',
    submenu: [
      commandItem(options, { name: 'project.new', label: '&New project…' }),
      commandItem(options, { name: 'project.open', label: '&Open project…' }),
      { label: 'Open &recent', id: 'recent', submenu: recentItems(options) },
      commandItem(options, { name: 'project.openSample', label: 'Open the &sample project' }),
      separator,
      commandItem(options, { name: 'data.import', label: '&Import files…' }),
      commandItem(options, { name: 'export.open', label: '&Export…' }),
      separator,
      commandItem(options, { name: 'project.close', label: 'Close &project' }),
      ...(isMac
        ? [{ role: 'close' } as const]
        : [
            separator,
            commandItem(options, { name: 'page.settings', label: 'Se&ttings…' }),
            separator,
            { role: 'quit' } as const,
          ]),
    ],
  };
}

const recentCount = 10;

function recentItems({ recent, send }: MenuOptions): Item[] {
  if (recent.length === 0) return [{ label: 'No project yet', enabled: false }];
  return recent.slice(0, recentCount).map(({ name, folder }) => ({
    // An ampersand would underline the letter after it.
    label: name.replaceAll('&', '&&'),
    sublabel: folder,
    click: () => send({ name: 'project.open', folder }),
  }));
}

function editMenu(options: MenuOptions): Item {
  const redo = options.platform === 'darwin' ? 'Cmd+Shift+Z' : 'Ctrl+Y';
  return {
    label: '&Edit',
    submenu: [
      commandItem(options, { name: 'edit.undo', label: '&Undo', accelerator: 'CmdOrCtrl+Z' }),
      commandItem(options, { name: 'edit.redo', label: '&Redo', accelerator: redo }),
      separator,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll' },
    ],
  };
}

function viewMenu(options: MenuOptions): Item {
  const item = (name: ShellCommandName, label: string) => commandItem(options, { name, label });
  return {
    label: '&View',
    submenu: [
      item('page.data', '&Data'),
      item('page.train', '&Train'),
      item('page.predict', '&Predict'),
      item('page.review', '&Review'),
      item('page.plugins', 'P&lugins'),
      separator,
      {
        label: 'La&yout',
        submenu: [
          item('view.single', 'One view'),
          item('view.grid', 'Four views'),
          item('view.compare', 'Compare'),
        ],
      },
      item('view.toggleLibrary', 'Show or hide the library'),
      item('view.toggleInspector', 'Show or hide the inspector'),
      item('view.toggleRuns', 'Show or hide the runs'),
      separator,
      // Of the whole window's type and controls; the image has its own zoom.
      { role: 'zoomIn', label: 'Larger text' },
      { role: 'zoomOut', label: 'Smaller text' },
      { role: 'resetZoom', label: 'Text in its usual size' },
      separator,
      { role: 'togglefullscreen' },
      ...(options.isDevelopment
        ? [separator, { role: 'reload' } as const, { role: 'toggleDevTools' } as const]
        : []),
    ],
  };
}

function helpMenu(options: MenuOptions): Item {
  return {
    role: 'help',
    label: '&Help',
    submenu: [
      commandItem(options, { name: 'help.shortcuts', label: '&Keyboard shortcuts' }),
      { label: '&Documentation', click: options.openDocumentation },
      ...(options.platform === 'darwin'
        ? []
        : [separator, { label: '&About Sagitta', click: options.showAbout }]),
    ],
  };
}

/** What the about panel says under the name and the version. */
export const aboutText =
  'Trains and runs models of medical images on this machine; nothing leaves it.\n\nResearch use only. Not a medical device, not for diagnosis or treatment.';
