/**
 * @file Where each intermediate tensor lies in the arena: buffers whose lives do not overlap share memory.
 * Source of the heuristic: Pisarchyk, Lee 2020, "Efficient memory management for deep neural net inference", greedy by size.
 */

/** A buffer that is written at step `first` and read last at step `last` (inclusive). */
export interface BufferRequest {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

export interface MemoryPlan {
  /** Offset of each request, in its order; multiples of {@link alignment}. */
  readonly offsets: readonly number[];
  readonly totalBytes: number;
}

/** A cache line, and the width of the widest vector. */
export const alignment = 64;

const aligned = (bytes: number) => Math.ceil(bytes / alignment) * alignment;

/** Largest buffers first, each in the smallest gap that fits between those alive at the same time. */
export function planMemory(requests: readonly BufferRequest[]): MemoryPlan {
  const offsets: number[] = new Array(requests.length).fill(0);
  const order = requests.map((_, i) => i).sort((a, b) => requests[b]!.bytes - requests[a]!.bytes || a - b);
  const placed: number[] = [];
  let totalBytes = 0;
  for (const index of order) {
    const request = requests[index]!;
    const neighbours = placed
      .filter((other) => requests[other]!.first <= request.last && request.first <= requests[other]!.last)
      .sort((a, b) => offsets[a]! - offsets[b]!);
    offsets[index] = smallestGap(
      aligned(request.bytes),
      neighbours.map((other) => ({
        start: offsets[other]!,
        end: offsets[other]! + aligned(requests[other]!.bytes),
      })),
    );
    totalBytes = Math.max(totalBytes, offsets[index]! + aligned(request.bytes));
    placed.push(index);
  }
  return { offsets, totalBytes };
}

/** Start of the tightest gap between the occupied stretches (sorted by start), or the end of the last. */
function smallestGap(bytes: number, occupied: readonly { start: number; end: number }[]): number {
  let best: { start: number; spare: number } | undefined;
  let end = 0;
  for (const stretch of occupied) {
    const spare = stretch.start - end - bytes;
    if (spare >= 0 && (best === undefined || spare < best.spare)) best = { start: end, spare };
    end = Math.max(end, stretch.end);
  }
  return best?.start ?? end;
}
