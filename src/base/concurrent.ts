/** @file Many tasks, a few at a time. */

/** Results in the order of `items`. After the first task that throws no further ones are begun. */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  most: number,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const work = async () => {
    for (let n = next++; n < items.length; n = next++) {
      try {
        results[n] = await task(items[n]!);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  return results;
}
