/**
 * @file What the desktop shell offers a page as `window.sagitta`, and the shapes of what passes between the two.
 * The page works without it (in a browser): every use is `window.sagitta?.`. Nothing here reaches files or the host by itself.
 */
import { z } from 'zod';

/**
 * Items of the native menu that the page carries out, as ids of its actions. One that the page has not registered now
 * (the page it belongs to is not on the screen) does nothing. `edit.undo` and `edit.redo` come while a text field has the
 * focus as well: then they are the field's own.
 */
export const shellCommandNames = [
  'project.new',
  'project.open',
  'project.openSample',
  'project.close',
  'data.import',
  'export.open',
  'edit.undo',
  'edit.redo',
  'page.data',
  'page.train',
  'page.predict',
  'page.review',
  'page.plugins',
  'page.settings',
  'view.single',
  'view.grid',
  'view.compare',
  'view.toggleLibrary',
  'view.toggleInspector',
  'view.toggleRuns',
  'help.shortcuts',
] as const;

export const shellCommandSchema = z.strictObject({
  name: z.enum(shellCommandNames),
  /** With `project.open`: the project's folder; absent when the person is still to choose one. */
  folder: z.string().min(1).optional(),
});

/** How the host is: the shell starts it again when it dies, and says so. */
export const hostStateSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('ready') }),
  /** It went down and comes back in a moment; what was saved is there, a run goes on from its last checkpoint. */
  z.strictObject({ state: z.literal('restarting'), message: z.string() }),
  /** It went down too often in a short time; the person is told what to do. */
  z.strictObject({ state: z.literal('stopped'), message: z.string() }),
]);

export const recentFolderSchema = z.strictObject({
  name: z.string().min(1).max(200),
  folder: z.string().min(1).max(4096),
});

export const recentFoldersSchema = z.array(recentFolderSchema).max(100);

export const pathSchema = z
  .string()
  .min(1)
  .max(32_768)
  .refine((path) => !path.includes('\0'), 'a path holds no zero byte');
export const pathsSchema = z.array(pathSchema).max(100_000);

export const dialogOptionsSchema = z.strictObject({
  /** Of the dialog, e.g. "Where should the project lie?". */
  title: z.string().max(200).optional(),
});

/** What runs, for the question on closing, e.g. "Training “first try”: 42 %". */
export const busyStateSchema = z.strictObject({
  text: z.string().min(1).max(300),
});

/** The line that `sagitta serve --socket PATH --json` prints once it accepts connections; other fields may follow. */
export const hostReadySchema = z.looseObject({ type: z.literal('ready') });

/** What the shell sends the host over the channel between them, to ask it to leave where there are no signals (Windows). */
export const leaveMessage = 'leave';

export type ShellCommandName = (typeof shellCommandNames)[number];
export type ShellCommand = z.infer<typeof shellCommandSchema>;
export type HostState = z.infer<typeof hostStateSchema>;
export type RecentFolder = z.infer<typeof recentFolderSchema>;
export type DialogOptions = z.infer<typeof dialogOptionsSchema>;
export type BusyState = z.infer<typeof busyStateSchema>;

/** Takes the listener away again. */
export type StopListening = () => void;

export interface ShellBridge {
  /** As Node names it: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** Asks for a folder with the native dialog; null when the person closed it. */
  chooseFolder(options?: DialogOptions): Promise<string | null>;
  /** Asks for volumes and images, several at once; empty when the person closed it. */
  chooseFiles(options?: DialogOptions): Promise<string[]>;
  /** Where dropped or chosen files lie on the disk; those that have no place there (made by the page) are left out. */
  pathsOf(files: readonly File[]): string[];
  /** Shows a file or folder in the system's file manager. False when it is not there. */
  showInFolder(path: string): Promise<boolean>;
  /** Says what runs, or null when nothing does: closing then asks first. */
  setBusy(busy: BusyState | null): void;
  /** Newest first, for "Open recent" and the system's list. */
  setRecentProjects(projects: readonly RecentFolder[]): void;
  /** A menu item was chosen. Commands that came before the first listener are handed over when it is set. */
  onCommand(listener: (command: ShellCommand) => void): StopListening;
  /** Files or folders were opened with Sagitta from outside, to be imported. Kept until the first listener is set. */
  onOpenFiles(listener: (paths: string[]) => void): StopListening;
  /** The host went down, came back, or stays down. */
  onHostState(listener: (state: HostState) => void): StopListening;
}

declare global {
  interface Window {
    readonly sagitta?: ShellBridge;
  }
}
