/** @file The shell's end of the bridge: answers the window's own page, checks every argument, ignores everybody else. */
import {
  type BusyState,
  busyStateSchema,
  type DialogOptions,
  dialogOptionsSchema,
  pathSchema,
  type RecentFolder,
  recentFoldersSchema,
} from '../contract/shell.ts';
import { askChannels, tellChannels } from '../preload/channels.ts';
import { isOwnPage } from './navigation.ts';

/** The parts of Electron's events that tell who sends. */
export interface BridgeEvent {
  /** Null once the frame is gone. */
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
  readonly sender: { readonly id: number };
}

/** The part of Electron's `ipcMain` that is used. */
export interface IpcEnd {
  handle(channel: string, listener: (event: BridgeEvent, ...args: unknown[]) => unknown): void;
  on(channel: string, listener: (event: BridgeEvent, ...args: unknown[]) => void): unknown;
}

export interface BridgeServices {
  /** Id of the window's page; undefined while there is none. */
  readonly pageId: () => number | undefined;
  readonly chooseFolder: (options: DialogOptions) => Promise<string | null>;
  readonly chooseFiles: (options: DialogOptions) => Promise<string[]>;
  readonly showInFolder: (path: string) => boolean;
  readonly onListening: () => void;
  readonly onBusy: (busy: BusyState | null) => void;
  readonly onRecentProjects: (projects: RecentFolder[]) => void;
  /** Told of each message that was refused. */
  readonly onRefused: (channel: string) => void;
}

/** Questions from elsewhere are rejected, statements ignored. Arguments that do not fit are refused in the same way. */
export function serveBridge(ipc: IpcEnd, services: BridgeServices): void {
  const isFromPage = ({ sender, senderFrame }: BridgeEvent) =>
    sender.id === services.pageId() &&
    isOwnPage(senderFrame && { url: senderFrame.url, isMainFrame: senderFrame.parent === null });

  function answer<T>(channel: string, parse: Parse<T>, reply: (value: T) => unknown): void {
    ipc.handle(channel, (event, value) => {
      if (isFromPage(event)) {
        const parsed = parse(value);
        if (parsed.success) return reply(parsed.data);
      }
      services.onRefused(channel);
      throw new Error(`${channel} was refused`);
    });
  }

  function hear<T>(channel: string, parse: Parse<T>, act: (value: T) => void): void {
    ipc.on(channel, (event, value) => {
      const parsed = isFromPage(event) ? parse(value) : undefined;
      if (parsed?.success) act(parsed.data);
      else services.onRefused(channel);
    });
  }

  answer(askChannels.chooseFolder, (value) => dialogOptionsSchema.safeParse(value), services.chooseFolder);
  answer(askChannels.chooseFiles, (value) => dialogOptionsSchema.safeParse(value), services.chooseFiles);
  answer(askChannels.showInFolder, (value) => pathSchema.safeParse(value), services.showInFolder);
  hear(tellChannels.listening, () => ({ success: true, data: undefined }), services.onListening);
  hear(tellChannels.busy, (value) => busyStateSchema.nullable().safeParse(value), services.onBusy);
  hear(
    tellChannels.recentProjects,
    (value) => recentFoldersSchema.safeParse(value),
    services.onRecentProjects,
  );
}

type Parse<T> = (value: unknown) => { success: true; data: T } | { success: false };
