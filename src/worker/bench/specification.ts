/** @file What one measuring process is to do: the argument of ours.ts and peer.py, as JSON. */
import type { NetworkName, NetworkSize } from './networks.ts';

export type Specification =
  | ({ readonly what: 'train' | 'infer'; readonly net: NetworkName; readonly threads: number } & NetworkSize)
  | { readonly what: 'load'; readonly file: string };

/** The first line of a measuring process, after its warm-up runs. */
export interface Ready {
  readonly ready: true;
  /** Trainable numbers of the network; 0 for loading. */
  readonly parameters: number;
  /** Name and version of the peer; absent for ours. */
  readonly peer?: string;
}
