/** @file Tasks one after another: what is to be shown next waits until what came before is on the screen. */

/** Starts a task when those before it are over; the returned function takes it back, or aborts it when it runs. */
export type InTurn = (task: (signal: AbortSignal) => Promise<void>) => () => void;

/** `onerror` is told what a task threw, unless it was taken back. */
export function makeQueue(onerror: (error: unknown) => void): InTurn {
  let queue: Promise<void> = Promise.resolve();
  return (task) => {
    const abort = new AbortController();
    queue = queue.then(async () => {
      if (abort.signal.aborted) return;
      try {
        await task(abort.signal);
      } catch (error) {
        if (!abort.signal.aborted) onerror(error);
      }
    });
    return () => abort.abort();
  };
}
