/** @file What was opened with Sagitta from outside: by double click, by drop on its icon, on the command line. Kept until a page listens. */
import { dirname, isAbsolute, resolve } from 'node:path';
import type { ShellCommand } from '../contract/shell.ts';

export interface Opened {
  /** Folder of a project, when a `.sagitta` file was opened; of several the last. */
  readonly project?: string;
  /** Everything else, to be imported. */
  readonly files: readonly string[];
}

/**
 * Paths among a program's arguments. Left out: the program, in a checkout the app's folder, options (Chromium adds its own
 * anywhere), addresses.
 */
export function pathsFromArguments(
  argv: readonly string[],
  { workingFolder, isPackaged }: { workingFolder: string; isPackaged: boolean },
): string[] {
  return argv
    .slice(1)
    .filter((argument) => argument !== '' && !argument.startsWith('-'))
    .slice(isPackaged ? 0 : 1)
    .filter((argument) => !/^[a-z][a-z0-9+.-]+:\/\//i.test(argument))
    .map((argument) => (isAbsolute(argument) ? argument : resolve(workingFolder, argument)));
}

/** A `.sagitta` file lies in its project's folder; a folder of that name is a project itself. */
export function sortOpened(paths: readonly string[], isFolder: (path: string) => boolean): Opened {
  const isProject = (path: string) => /\.sagitta$/i.test(path);
  const project = paths.findLast(isProject);
  const files = paths.filter((path) => !isProject(path));
  if (project === undefined) return { files };
  return { project: isFolder(project) ? project : dirname(project), files };
}

export interface OpenReceiver {
  command(command: ShellCommand): void;
  openFiles(paths: string[]): void;
}

/** Hands what was opened to the page that listens now, or to the next one that does. */
export class OpenFiles {
  readonly #isFolder: (path: string) => boolean;
  #waiting: string[] = [];
  #receiver: OpenReceiver | undefined;

  constructor(isFolder: (path: string) => boolean) {
    this.#isFolder = isFolder;
  }

  add(paths: readonly string[]): void {
    this.#waiting.push(...paths.filter((path) => !this.#waiting.includes(path)));
    this.#deliver();
  }

  /** The page is there; undefined when it has gone. */
  attach(receiver: OpenReceiver | undefined): void {
    this.#receiver = receiver;
    this.#deliver();
  }

  #deliver(): void {
    if (this.#receiver === undefined || this.#waiting.length === 0) return;
    const { project, files } = sortOpened(this.#waiting, this.#isFolder);
    this.#waiting = [];
    // The project first: the files are for it.
    if (project !== undefined) this.#receiver.command({ name: 'project.open', folder: project });
    if (files.length > 0) this.#receiver.openFiles([...files]);
  }
}
