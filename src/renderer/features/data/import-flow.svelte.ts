/** @file Taking data in, step by step: files are gathered and sent, the host says what it understood, the person corrects it and takes it. */
import type { ErrorReport } from '../../../base/errors.ts';
import type { ImportId } from '../../../contract/ids.ts';
import type { ImportProposal } from '../../../contract/imports.ts';
import { sendImportFile } from '../../client/binary.ts';
import { host } from '../../client/client.ts';
import { isAbort, reportOf } from '../../client/errors.ts';
import { libraryState } from '../../state/library.svelte.ts';
import { attempt, messages } from '../../state/messages.svelte.ts';
import { projectState } from '../../state/project.svelte.ts';
import { view } from '../../state/view.svelte.ts';
import { projectFlow } from '../shell/projects.svelte.ts';
import { type DroppedFile, filesWithPaths, projectNameFor, takeDrop, walkEntries } from './dropped-files.ts';
import { type ImportRow, itemsToTake, rowsOf } from './import-table.ts';
import { secondsLeft, sendAll } from './transfer.ts';

export type ImportPhase =
  | { readonly step: 'idle' }
  | { readonly step: 'gathering' }
  | {
      readonly step: 'sending';
      readonly fileCount: number;
      readonly doneBytes: number;
      readonly totalBytes: number;
      readonly secondsLeft: number | null;
    }
  | { readonly step: 'reading' }
  | { readonly step: 'choosing'; readonly proposal: ImportProposal }
  | { readonly step: 'taking'; readonly proposal: ImportProposal }
  | { readonly step: 'failed'; readonly report: ErrorReport };

/** Browsers keep few connections to one host; three leave room for events and pictures. */
const filesAtOnce = 3;
const refusesOneFile: ReadonlySet<string> = new Set(['IMPORT_PATH', 'IMPORT_TOO_LARGE']);

class ImportFlow {
  phase = $state.raw<ImportPhase>({ step: 'idle' });
  /** The proposal with the person's corrections. */
  rows = $state.raw<readonly ImportRow[]>([]);
  /** Why the host refused to take it, above the table. */
  refusal = $state.raw<ErrorReport | null>(null);
  #id: ImportId | null = null;
  /** Files that the host did not even want to be sent. */
  #unsent: ImportProposal['refused'] = [];
  #abort = new AbortController();

  get isIdle(): boolean {
    return this.phase.step === 'idle';
  }

  /** Call it while the drop or paste is handled. */
  async takeTransfer(data: DataTransfer): Promise<void> {
    const { entries, files } = takeDrop(data);
    const paths = window.sagitta?.pathsOf(files) ?? [];
    if (paths.length > 0) return this.fromPaths(paths);
    if (entries.length === 0 && files.length === 0) return;
    await this.#begin(() =>
      entries.length > 0 ? walkEntries(entries) : Promise.resolve(filesWithPaths(files)),
    );
  }

  /** Files or folders of this machine, by path. */
  async fromPaths(paths: string[]): Promise<void> {
    if (!this.#start()) return;
    await this.#guarded(async () => {
      await this.#ensureProject(paths);
      this.#id = (await host.imports.beginWithPaths({ paths })).id;
      await this.#inspect(this.#id);
    });
  }

  /** Asks with the native dialog where there is one, else with the browser's. */
  async choose(what: 'files' | 'folder'): Promise<void> {
    const shell = window.sagitta;
    if (shell !== undefined) {
      const folder = what === 'folder' ? await shell.chooseFolder({ title: 'Add a folder' }) : null;
      const paths =
        what === 'files' ? await shell.chooseFiles({ title: 'Add files' }) : folder ? [folder] : [];
      if (paths.length > 0) await this.fromPaths(paths);
      return;
    }
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.webkitdirectory = what === 'folder';
    input.onchange = () => void this.#begin(() => Promise.resolve(filesWithPaths(input.files ?? [])));
    input.click();
  }

  async take(): Promise<void> {
    const { phase } = this;
    if (phase.step !== 'choosing') return;
    const items = itemsToTake(this.rows);
    this.refusal = null;
    this.phase = { step: 'taking', proposal: phase.proposal };
    try {
      const change = await host.imports.take({ id: phase.proposal.id, items });
      this.#id = null;
      this.#finish();
      await attempt(() => libraryState.refresh());
      const first = items.find(({ role }) => role === 'image') ?? items[0];
      if (first !== undefined) showImage(first);
      libraryState.tellWithUndo(change);
    } catch (error) {
      this.refusal = reportOf(error);
      this.phase = phase;
    }
  }

  /** Stops whatever is going on and forgets what was sent. Nothing of it is in the project. */
  cancel(): void {
    this.#abort.abort();
    const id = this.#id;
    this.#finish();
    if (id !== null) void attempt(() => host.imports.discard({ id }));
  }

  /** False when an import is under way already. */
  #start(): boolean {
    if (!this.isIdle) {
      messages.tell('Finish or discard what is being taken in first.');
      return false;
    }
    this.#abort = new AbortController();
    this.#unsent = [];
    this.phase = { step: 'gathering' };
    view.dialog = 'import';
    return true;
  }

  #finish(): void {
    this.#id = null;
    this.rows = [];
    this.refusal = null;
    this.phase = { step: 'idle' };
    if (view.dialog === 'import') view.dialog = null;
  }

  async #begin(gather: () => Promise<DroppedFile[]>): Promise<void> {
    if (!this.#start()) return;
    await this.#guarded(async (signal) => {
      const files = await gather();
      signal.throwIfAborted();
      if (files.length === 0) {
        this.#finish();
        messages.tell('There are no files in what was dropped.');
        return;
      }
      await this.#ensureProject(files.map(({ path }) => path));
      signal.throwIfAborted();
      const { id } = await host.imports.begin();
      this.#id = id;
      await this.#send(id, files, signal);
      await this.#inspect(id);
    });
  }

  async #ensureProject(paths: readonly string[]): Promise<void> {
    if (projectState.project === null) await projectFlow.createFor(projectNameFor(paths));
  }

  async #send(id: ImportId, files: readonly DroppedFile[], signal: AbortSignal): Promise<void> {
    const totalBytes = files.reduce((sum, { file }) => sum + file.size, 0);
    const began = performance.now();
    let doneBytes = 0;
    const tell = () => {
      const elapsedMs = performance.now() - began;
      const left = secondsLeft({ done: doneBytes, total: totalBytes, elapsedMs });
      this.phase = { step: 'sending', fileCount: files.length, doneBytes, totalBytes, secondsLeft: left };
    };
    tell();
    const send = async ({ path, file }: DroppedFile, stop: AbortSignal) => {
      await this.#sendOne(id, { path, file }, stop);
      doneBytes += file.size;
      tell();
    };
    await sendAll(files, send, { atOnce: filesAtOnce, signal });
  }

  /** A file that the host refuses by itself does not stop the others. */
  async #sendOne(id: ImportId, { path, file }: DroppedFile, signal: AbortSignal): Promise<void> {
    try {
      await sendImportFile({ id, path, file }, signal);
    } catch (thrown) {
      const error = reportOf(thrown);
      if (!refusesOneFile.has(error.code)) throw thrown;
      this.#unsent = [...this.#unsent, { path, error }];
    }
  }

  async #inspect(id: ImportId): Promise<void> {
    const { signal } = this.#abort;
    this.phase = { step: 'reading' };
    const understood = await host.imports.inspect({ id }, { signal });
    const proposal = { ...understood, refused: [...this.#unsent, ...understood.refused] };
    signal.throwIfAborted();
    this.rows = rowsOf(proposal.items);
    this.phase = { step: 'choosing', proposal };
  }

  async #guarded(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#abort;
    try {
      await work(signal);
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      this.phase = { step: 'failed', report: reportOf(error) };
    }
  }
}

function showImage({ subject, name }: { subject: string; name: string }): void {
  const images = libraryState.current.subjects.find((one) => one.name === subject)?.images;
  view.page = 'data';
  view.image = (images?.find((image) => image.name === name) ?? images?.[0])?.id ?? view.image;
}

export const importFlow = new ImportFlow();
