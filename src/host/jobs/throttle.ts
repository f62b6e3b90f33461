/** @file At most one call in a while: the first at once, the last never lost. */

export interface Throttle {
  /** Asks for a call, now or when the time has come. */
  ask(): void;
  /** Calls at once; a call that waited is done with it. */
  now(): void;
  /** No call comes after this. */
  stop(): void;
}

export function makeThrottle(everyMs: number, call: () => void): Throttle {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let isAsked = false;

  function now(): void {
    clearTimeout(timer);
    timer = undefined;
    isAsked = false;
    if (!isStopped) call();
  }

  function ask(): void {
    if (timer !== undefined) {
      isAsked = true;
      return;
    }
    now();
    timer = setTimeout(() => {
      timer = undefined;
      if (isAsked) ask();
    }, everyMs);
    // A picture of progress is no reason to keep a process alive.
    timer.unref();
  }

  return {
    ask,
    now,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
