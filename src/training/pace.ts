/** @file How fast training goes, for the time left: a moving average over recent steps. */

export class Pace {
  private readonly durationsMs: number[] = [];
  private readonly window: number;

  constructor(window = 20) {
    this.window = window;
  }

  add(durationMs: number): void {
    this.durationsMs.push(durationMs);
    if (this.durationsMs.length > this.window) this.durationsMs.shift();
  }

  /** 0 before the first step. */
  get stepsPerS(): number {
    const totalMs = this.durationsMs.reduce((sum, duration) => sum + duration, 0);
    return totalMs > 0 ? (1000 * this.durationsMs.length) / totalMs : 0;
  }

  secondsFor(steps: number): number {
    return this.stepsPerS > 0 ? steps / this.stepsPerS : Number.POSITIVE_INFINITY;
  }
}
