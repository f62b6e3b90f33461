/** @file How much a plugin may use while it makes its recipe. */

export interface SandboxLimits {
  readonly timeMs: number;
  /** At least 16 MB: the interpreter begins with that. */
  readonly memoryBytes: number;
  /** Of QuickJS's own stack; the thread's is larger, so that it is never the first to end. */
  readonly stackBytes: number;
  /** Characters of the recipe as JSON. */
  readonly resultLength: number;
}

/** A recipe of the largest built-in network takes about a second, 30 MB and 1 MB of text; the rest is room. */
export const defaultLimits: SandboxLimits = {
  timeMs: 20_000,
  memoryBytes: 256 * 2 ** 20,
  stackBytes: 128 * 2 ** 10,
  resultLength: 32 * 2 ** 20,
};
