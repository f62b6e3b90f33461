/**
 * @file Volumes that a viewer panel has asked for: opened once, kept while they are wanted, and given up when they no longer are.
 * Label maps can change under their name (a rater corrects again), so they are asked for anew when the library has changed.
 */
import type { ErrorReport } from '../../../base/errors.ts';
import type { VolumeId } from '../../../contract/ids.ts';
import { isAbort, reportOf } from '../../client/errors.ts';
import { openVolume } from '../../viewer/host-volume.ts';
import type { ViewerVolume } from '../../viewer/types.ts';

interface Asked {
  readonly abort: AbortController;
  readonly volume: ViewerVolume | null;
  readonly error: ErrorReport | null;
}

export interface Wanted {
  readonly id: VolumeId;
  /** Another one means that the voxels may have changed. */
  readonly revision: number;
}

const keyOf = ({ id, revision }: Wanted) => `${id}@${revision}`;

export class VolumeShelf {
  #asked = $state.raw<ReadonlyMap<string, Asked>>(new Map());

  /** Opens what is not there yet; cancels and forgets everything else. Run it untracked. */
  want(wanted: readonly Wanted[]): void {
    const keys = new Set(wanted.map(keyOf));
    for (const [key, { abort }] of this.#asked) if (!keys.has(key)) abort.abort();
    const kept = new Map([...this.#asked].filter(([key]) => keys.has(key)));
    for (const one of wanted) {
      const key = keyOf(one);
      if (kept.has(key)) continue;
      const abort = new AbortController();
      kept.set(key, { abort, volume: null, error: null });
      void this.#open(one, abort);
    }
    this.#asked = kept;
  }

  /** Asks again for those that failed. */
  retry(wanted: readonly Wanted[]): void {
    this.#asked = new Map([...this.#asked].filter(([, { error }]) => error === null));
    this.want(wanted);
  }

  close(): void {
    for (const { abort } of this.#asked.values()) abort.abort();
    this.#asked = new Map();
  }

  volume(wanted: Wanted): ViewerVolume | null {
    return this.#asked.get(keyOf(wanted))?.volume ?? null;
  }

  error(wanted: Wanted): ErrorReport | null {
    return this.#asked.get(keyOf(wanted))?.error ?? null;
  }

  async #open(wanted: Wanted, abort: AbortController): Promise<void> {
    try {
      const volume = await openVolume(wanted.id, abort.signal);
      this.#answer(wanted, { abort, volume: { ...volume, id: keyOf(wanted) }, error: null });
    } catch (error) {
      if (!isAbort(error)) this.#answer(wanted, { abort, volume: null, error: reportOf(error) });
    }
  }

  /** What was given up meanwhile is not put back. */
  #answer(wanted: Wanted, answer: Asked): void {
    const key = keyOf(wanted);
    if (answer.abort.signal.aborted || this.#asked.get(key)?.abort !== answer.abort) return;
    this.#asked = new Map(this.#asked).set(key, answer);
  }
}
