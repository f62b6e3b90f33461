/** @file The host's news with numbers, so that a window that was away can catch up. Keeps the newest ones; who asks for older ones starts anew. */
import { randomUUID } from 'node:crypto';
import type { HostEvent } from '../contract/events.ts';
import type { Publish } from './services.ts';

export interface NumberedEvent {
  readonly id: string;
  readonly event: HostEvent;
}

const kept = 10_000;

export class EventLog {
  /** Differs from start to start: numbers of an earlier host mean nothing now. */
  readonly #boot = randomUUID().slice(0, 8);
  #events: HostEvent[] = [];
  /** Number of the first kept event. */
  #first = 0;
  #wake = Promise.withResolvers<void>();

  readonly publish: Publish = (event) => {
    this.#events.push(event);
    if (this.#events.length > 2 * kept) {
      this.#first += this.#events.length - kept;
      this.#events = this.#events.slice(-kept);
    }
    const { resolve } = this.#wake;
    this.#wake = Promise.withResolvers<void>();
    resolve();
  };

  /** Events after `lastId`; from now on when there is none. `reset` comes first when some of those in between are gone. */
  async *listen(lastId: string | undefined, signal: AbortSignal): AsyncGenerator<NumberedEvent> {
    const end = this.#first + this.#events.length;
    const after = lastId === undefined ? end : this.#numberAfter(lastId);
    let next = after ?? end;
    if (after === undefined) yield { id: this.#id(next), event: { type: 'reset' } };
    const stopped = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    while (!signal.aborted) {
      if (next < this.#first) {
        // A reader slower than the news: it starts anew instead of making us keep all of them.
        next = this.#first + this.#events.length;
        yield { id: this.#id(next), event: { type: 'reset' } };
      }
      const event = this.#events[next - this.#first];
      if (event === undefined) await Promise.race([this.#wake.promise, stopped]);
      else yield { id: this.#id(++next), event };
    }
  }

  /** An id names how many events had been told by then. */
  #id(count: number): string {
    return `${this.#boot}-${count}`;
  }

  #numberAfter(id: string): number | undefined {
    const [boot, count] = id.split('-');
    const number = Number(count);
    const isKnown = boot === this.#boot && Number.isInteger(number) && number >= this.#first;
    return isKnown && number <= this.#first + this.#events.length ? number : undefined;
  }
}
