/** @file Kernel calls while a program is being lowered: buffers without addresses yet. */
import type { Kernel } from './kernel-ids.ts';

/** Where a tensor lies. Buffers get their place in the arena once all lives are known. */
export type Place =
  | { readonly space: 'buffer'; readonly buffer: number }
  | { readonly space: 'variable'; readonly name: string }
  | { readonly space: 'input'; readonly index: number }
  | { readonly space: 'output'; readonly index: number }
  | { readonly space: 'constant'; readonly offset: number };

export interface KernelCall {
  readonly kernel: Kernel;
  readonly inputs: readonly Place[];
  readonly output: Place;
  readonly ints: readonly number[];
  readonly numbers: readonly number[];
  /** Inputs over which the result may be written: read element by element, in the same order. */
  readonly inPlace: readonly number[];
}

export interface ProgramDraft {
  readonly calls: readonly KernelCall[];
  /** Bytes of each buffer. */
  readonly buffers: readonly number[];
  /** Values that variables take at the end, all at once. */
  readonly updates: readonly { readonly variable: string; readonly value: Place; readonly count: number }[];
  readonly outputs: readonly { readonly value: Place; readonly count: number }[];
  readonly constants: Uint8Array;
}

/** Copies `count` elements of 4 bytes as they are. */
export function copyCall(from: Place, to: Place, count: number): KernelCall {
  return {
    kernel: 'copyStrided',
    inputs: [from],
    output: to,
    ints: [1, count, 1, 1, 0, 0],
    numbers: [],
    inPlace: [],
  };
}
