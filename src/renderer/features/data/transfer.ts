/** @file Sending many files a few at a time, and telling how long it takes yet. Pure: time comes in. */

/**
 * Runs `send` for each item, at most `atOnce` together. The first failure stops the rest and is thrown; so does the signal.
 */
export async function sendAll<T>(
  items: readonly T[],
  send: (item: T, signal: AbortSignal) => Promise<void>,
  { atOnce, signal }: { atOnce: number; signal: AbortSignal },
): Promise<void> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      both.throwIfAborted();
      await send(items[next++]!, both);
    }
  };
  const lanes = Array.from({ length: Math.min(atOnce, items.length) }, lane);
  try {
    await Promise.all(lanes);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(lanes);
    throw error;
  }
}

/** Seconds that the rest takes at the pace so far; null before a second has passed or before anything was done. */
export function secondsLeft({
  done,
  total,
  elapsedMs,
}: {
  done: number;
  total: number;
  elapsedMs: number;
}): number | null {
  if (elapsedMs < 1000 || done <= 0) return null;
  return ((total - done) / done) * (elapsedMs / 1000);
}
