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
    this.#wakeAll();
  };

  readonly #wakeAll = () => {
    const { resolve } = this.#wake;
    this.#wake = Promise.withResolvers<void>();
    resolve();
  };

  /**
   * Events after `lastId`, then news as it comes. `reset` comes first when some of those in between are gone, and when there is no
   * `lastId`: so each listener has an id to come back with, however soon it loses its connection.
   */
  async *listen(lastId: string | undefined, signal: AbortSignal): AsyncGenerator<NumberedEvent> {
    const after = lastId === undefined ? undefined : this.#numberAfter(lastId);
    let next = after ?? this.#first + this.#events.length;
    if (after === undefined) yield { id: this.#id(next), event: { type: 'reset' } };
    // Through the one promise that all wait for: a second one that outlives many turns would remember each of them.
    signal.addEventListener('abort', this.#wakeAll, { once: true });
    while (!signal.aborted) {
      if (next < this.#first) {
        // A reader slower than the news: it starts anew instead of making us keep all of them.
        next = this.#first + this.#events.length;
        yield { id: this.#id(next), event: { type: 'reset' } };
      }
      const event = this.#events[next - this.#first];
      if (event === undefined) await this.#wake.promise;
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
