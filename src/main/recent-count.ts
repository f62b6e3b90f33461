/** @file How often something happened lately: whatever is started again must not be started again for ever. */

export class RecentCount {
  readonly #windowMs: number;
  #times: number[] = [];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** How often within the window that ends `now` (milliseconds of a clock that only goes forward). */
  at(now: number): number {
    this.#times = this.#times.filter((time) => now - time < this.#windowMs);
    return this.#times.length;
  }

  add(now: number): void {
    this.#times.push(now);
  }
}
