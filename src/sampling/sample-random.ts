/** @file Random numbers of the sampler: each depends on (seed, purpose, index) alone, so any thread can make any patch. */
import { invariant } from '../base/errors.ts';
import { Random } from '../base/random.ts';

/** Words that one sample may use for one purpose; 2²⁹ samples fit below 2⁵³. */
const wordsPerSample = 2 ** 24;

/** The stream for one purpose of one sample (or batch), counted over the whole run. */
export function sampleRandom(seed: number, purpose: string, index: number): Random {
  invariant(
    Number.isInteger(index) && index >= 0 && index < 2 ** 29,
    `sample index ${index} is out of range`,
  );
  return new Random(seed, `sampling/${purpose}`, index * wordsPerSample);
}
