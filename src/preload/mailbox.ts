/** @file Messages for listeners that may not be there yet: kept in order until the first one is set. */

export interface Mailbox<T> {
  put(message: T): void;
  /** Returns how to stop. With several listeners each gets every message; what was kept goes to the first. */
  listen(listener: (message: T) => void): () => void;
}

/** `capacity`: the oldest are dropped beyond it, so that a page that never listens does not gather them for ever. */
export function makeMailbox<T>(capacity: number): Mailbox<T> {
  const listeners = new Set<{ readonly hear: (message: T) => void }>();
  let kept: T[] = [];
  return {
    put(message) {
      if (listeners.size === 0) kept = [...kept, message].slice(-capacity);
      for (const { hear } of [...listeners]) hear(message);
    },
    listen(hear) {
      const entry = { hear };
      listeners.add(entry);
      const waiting = kept;
      kept = [];
      for (const message of waiting) hear(message);
      return () => {
        listeners.delete(entry);
      };
    },
  };
}
