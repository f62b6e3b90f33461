/** @file What the window tells the person in passing: errors until they are closed, good news for a few seconds, with an undo where there is one. */
import type { ErrorReport } from '../../base/errors.ts';
import { isAbort, reportOf } from '../client/errors.ts';

export interface Message {
  readonly id: number;
  readonly tone: 'good' | 'error';
  readonly text: string;
  readonly report?: ErrorReport;
  /** A button beside the text, e.g. "Undo". */
  readonly action?: { readonly label: string; readonly run: () => void };
}

const shownMs = 6000;

class Messages {
  list = $state<Message[]>([]);
  #next = 1;

  tell(text: string, action?: Message['action']): void {
    const id = this.#add({ tone: 'good', text, ...(action !== undefined && { action }) });
    setTimeout(() => this.close(id), shownMs);
  }

  /** Cancellation is not an error and is not shown. */
  fail(thrown: unknown): void {
    if (isAbort(thrown)) return;
    const report = reportOf(thrown);
    if (this.list.some((message) => message.text === report.message)) return;
    this.#add({ tone: 'error', text: report.message, report });
  }

  /** Takes away what offers to undo: after a change of project it would undo in the other. */
  dropActions(): void {
    this.list = this.list.filter(({ action }) => action === undefined);
  }

  close(id: number): void {
    this.list = this.list.filter((message) => message.id !== id);
  }

  #add(message: Omit<Message, 'id'>): number {
    const id = this.#next++;
    this.list = [...this.list, { ...message, id }];
    return id;
  }
}

export const messages = new Messages();

/** Runs something that may fail and shows why it did; undefined then. */
export async function attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    messages.fail(error);
    return undefined;
  }
}
