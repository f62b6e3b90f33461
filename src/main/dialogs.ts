/** @file The native dialogs: for folders, for files, for what went wrong. */
import { type BrowserWindow, dialog, type OpenDialogOptions, shell } from 'electron';
import type { DialogOptions } from '../contract/shell.ts';

async function choose(window: BrowserWindow | undefined, options: OpenDialogOptions): Promise<string[]> {
  const { canceled, filePaths } =
    window === undefined
      ? await dialog.showOpenDialog(options)
      : await dialog.showOpenDialog(window, options);
  return canceled ? [] : filePaths;
}

export async function chooseFolder(
  window: BrowserWindow | undefined,
  { title }: DialogOptions,
): Promise<string | null> {
  const [folder] = await choose(window, {
    title: title ?? 'Choose a folder',
    properties: ['openDirectory', 'createDirectory'],
  });
  return folder ?? null;
}

export function chooseFiles(window: BrowserWindow | undefined, { title }: DialogOptions): Promise<string[]> {
  return choose(window, {
    title: title ?? 'Choose images and label maps',
    properties: ['openFile', 'multiSelections'],
    filters: [
      { name: 'Images and archives', extensions: ['nii', 'gz', 'hdr', 'img', 'dcm', 'ima', 'png', 'zip'] },
      // DICOM files often have no extension at all.
      { name: 'All files', extensions: ['*'] },
    ],
  });
}

export type StoppedAnswer = 'start' | 'quit';

/** The host stays down: asks until it is to be started again or the person quits. */
export async function askWhenStopped(message: string, logFile: string): Promise<StoppedAnswer> {
  for (;;) {
    const { response } = await dialog.showMessageBox({
      type: 'error',
      message: 'Sagitta cannot go on by itself',
      detail: message,
      buttons: ['Start again', 'Show the log', 'Quit'],
      defaultId: 0,
      cancelId: 2,
      noLink: true,
    });
    if (response === 0) return 'start';
    if (response !== 1) return 'quit';
    shell.showItemInFolder(logFile);
  }
}

/** The page itself crashed again and again. */
export async function askWhenPageGone(reason: string): Promise<'reload' | 'quit'> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    message: 'The window has stopped several times',
    detail: `Reason: ${reason}. What runs goes on, and what was saved is safe. Little memory is the most frequent cause: close other volumes or programs.`,
    buttons: ['Load it again', 'Quit'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  return response === 0 ? 'reload' : 'quit';
}
