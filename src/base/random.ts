/**
 * @file Counter-based random numbers: Philox 4×32 with 10 rounds.
 * The n-th number of a stream depends on (seed, stream, n) alone, so any worker, executor or resumed run can make it.
 * Source: Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3".
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (middle & 0xffff) + aLow * bHigh;
  // Both sums stay under 2^53, so plain doubles are exact here.
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/**
 * Four 32-bit words for one counter block.
 *
 * key      two 32-bit words (seed, stream)
 * counter  four 32-bit words
 * out      receives the four words, each in 0 … 2³²−1
 */
export function philox(key: readonly [number, number], counter: readonly number[], out: Uint32Array): void {
  let c0 = counter[0]! >>> 0;
  let c1 = counter[1]! >>> 0;
  let c2 = counter[2]! >>> 0;
  let c3 = counter[3]! >>> 0;
  let k0 = key[0] >>> 0;
  let k1 = key[1] >>> 0;
  for (let round = 0; round < 10; round++) {
    const high0 = mulHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0) >>> 0;
    const high1 = mulHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2) >>> 0;
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** A 32-bit hash of a text (FNV-1a), to name random streams: `stream: hash32('augmentation/elastic')`. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Draws from one stream in order. Its whole state is (seed, stream, position): save `position`, and it resumes. */
export class Random {
  readonly seed: number;
  readonly stream: number;
  position: number;
  private readonly block = new Uint32Array(4);
  private blockIndex = -1;

  /** @param stream a name (hashed) or number: streams of one seed are independent of each other. */
  constructor(seed: number, stream: string | number, position = 0) {
    this.seed = seed >>> 0;
    this.stream = typeof stream === 'string' ? hash32(stream) : stream >>> 0;
    this.position = position;
  }

  /** The next 32-bit word. */
  word(): number {
    const index = Math.floor(this.position / 4);
    if (index !== this.blockIndex) {
      philox([this.seed, this.stream], [index >>> 0, Math.floor(index / 0x100000000), 0, 0], this.block);
      this.blockIndex = index;
    }
    return this.block[this.position++ % 4]!;
  }

  /** Uniform in the open interval (0, 1): (word + ½) / 2³², the same mapping as the engine's `random` op. */
  uniform(low = 0, high = 1): number {
    return low + ((this.word() + 0.5) / 0x100000000) * (high - low);
  }

  /** A whole number from 0 to `count` − 1. */
  integer(count: number): number {
    return Math.min(count - 1, Math.floor(this.uniform() * count));
  }

  /** Normal by Box-Muller; uses two words and returns one number, so that positions stay easy to reason about. */
  normal(mean = 0, deviation = 1): number {
    const radius = Math.sqrt(-2 * Math.log(this.uniform()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.uniform());
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.integer(items.length)]!;
  }

  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const copy = [...items];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [copy[i], copy[j]] = [copy[j]!, copy[i]!];
    }
    return copy;
  }
}
