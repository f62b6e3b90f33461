/** @file One after another: tasks that must not overlap, in the order in which they came. */

export type Serial = <T>(task: () => Promise<T>) => Promise<T>;

/** A task that throws does not hold up those behind it. */
export function makeSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    last = next.then(
      () => undefined,
      () => undefined,
    );
    return next;
  };
}
