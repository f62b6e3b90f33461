/**
 * @file What the page sees as `window.sagitta`: a handful of functions, each checked on its way out and in. No channel can be
 * named by the page, and no object of Electron reaches it.
 */
import {
  type BusyState,
  busyStateSchema,
  dialogOptionsSchema,
  type HostState,
  hostStateSchema,
  pathSchema,
  pathsSchema,
  type RecentFolder,
  recentFoldersSchema,
  type ShellBridge,
  type ShellCommand,
  shellCommandSchema,
} from '../contract/shell.ts';
import { askChannels, newsChannels, tellChannels } from './channels.ts';
import { makeMailbox } from './mailbox.ts';

/** The part of Electron's `ipcRenderer` that is used. */
export interface Wire {
  invoke(channel: string, ...args: unknown[]): Promise<unknown>;
  send(channel: string, ...args: unknown[]): void;
  on(channel: string, listener: (event: unknown, ...args: unknown[]) => void): unknown;
}

export interface BridgeOptions {
  readonly wire: Wire;
  /** Empty for a file that does not lie on the disk. */
  readonly pathForFile: (file: File) => string;
  readonly platform: string;
}

/** Messages that nobody has listened to yet. */
const capacity = 100;

export function makeBridge({ wire, pathForFile, platform }: BridgeOptions): ShellBridge {
  const commands = makeMailbox<ShellCommand>(capacity);
  const openFiles = makeMailbox<string[]>(capacity);
  // Only the newest state is of interest to a page that begins to listen.
  const hostStates = makeMailbox<HostState>(1);
  wire.on(newsChannels.command, (_event, value) => commands.put(shellCommandSchema.parse(value)));
  wire.on(newsChannels.openFiles, (_event, value) => openFiles.put(pathsSchema.parse(value)));
  wire.on(newsChannels.hostState, (_event, value) => hostStates.put(hostStateSchema.parse(value)));
  wire.send(tellChannels.listening);
  return {
    platform,
    async chooseFolder(options = {}) {
      const chosen = await wire.invoke(askChannels.chooseFolder, dialogOptionsSchema.parse(options));
      return pathSchema.nullable().parse(chosen);
    },
    async chooseFiles(options = {}) {
      return pathsSchema.parse(
        await wire.invoke(askChannels.chooseFiles, dialogOptionsSchema.parse(options)),
      );
    },
    pathsOf: (files) => Array.from(files, pathForFile).filter((path) => path !== ''),
    async showInFolder(path) {
      return (await wire.invoke(askChannels.showInFolder, pathSchema.parse(path))) === true;
    },
    setBusy(busy: BusyState | null) {
      wire.send(tellChannels.busy, busyStateSchema.nullable().parse(busy));
    },
    setRecentProjects(projects: readonly RecentFolder[]) {
      wire.send(tellChannels.recentProjects, recentFoldersSchema.parse(projects));
    },
    onCommand: (listener) => commands.listen(listener),
    onOpenFiles: (listener) => openFiles.listen(listener),
    onHostState: (listener) => hostStates.listen(listener),
  };
}
