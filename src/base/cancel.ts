/** @file Cancellation: not an error and never shown as one. Long work takes an AbortSignal and calls `throwIfCancelled`. */

export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Cancelled();
}
