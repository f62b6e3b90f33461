/** @file A label map under correction: what was painted, stroke by stroke, with undo and redo. Pure data, no pictures. */

interface Stroke {
  readonly offsets: Uint32Array;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** Memory for strokes that can be undone; the oldest are forgotten first. */
const mostBytes = 256e6;
const bytesPerVoxel = 6;

export class EditHistory {
  /** x fastest. Seen by the picture as well: it is written in place. */
  readonly labels: Uint8Array<ArrayBuffer>;
  #done: Stroke[] = [];
  #undone: Stroke[] = [];
  /** Of the stroke that is being painted: offset → value before. */
  #open = new Map<number, number>();
  /** Strokes since the state that was taken; NaN when that state can no longer be reached. */
  #unsaved = 0;

  constructor(labels: Uint8Array<ArrayBuffer>) {
    this.labels = labels;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  get hasUnsaved(): boolean {
    return this.#unsaved !== 0;
  }

  /** Part of a stroke; it becomes one step of undo with {@link endStroke}. */
  set(offset: number, value: number): void {
    const before = this.labels[offset]!;
    if (before === value) return;
    if (!this.#open.has(offset)) this.#open.set(offset, before);
    this.labels[offset] = value;
  }

  endStroke(): void {
    if (this.#open.size === 0) return;
    const offsets = Uint32Array.from(this.#open.keys());
    const before = Uint8Array.from(this.#open.values());
    const after = Uint8Array.from(offsets, (offset) => this.labels[offset]!);
    this.#open = new Map();
    this.#done.push({ offsets, before, after });
    if (this.#unsaved < 0) this.#unsaved = Number.NaN;
    this.#undone = [];
    this.#unsaved++;
    this.#forgetOldest();
  }

  /** Offsets that changed. */
  undo(): Uint32Array {
    this.endStroke();
    const stroke = this.#done.pop();
    if (stroke === undefined) return new Uint32Array();
    this.#undone.push(stroke);
    this.#unsaved--;
    stroke.offsets.forEach((offset, n) => {
      this.labels[offset] = stroke.before[n]!;
    });
    return stroke.offsets;
  }

  redo(): Uint32Array {
    const stroke = this.#undone.pop();
    if (stroke === undefined) return new Uint32Array();
    this.#done.push(stroke);
    this.#unsaved++;
    stroke.offsets.forEach((offset, n) => {
      this.labels[offset] = stroke.after[n]!;
    });
    return stroke.offsets;
  }

  markSaved(): void {
    this.endStroke();
    this.#unsaved = 0;
  }

  #forgetOldest(): void {
    let bytes = this.#done.reduce((sum, { offsets }) => sum + offsets.length * bytesPerVoxel, 0);
    while (bytes > mostBytes && this.#done.length > 1)
      bytes -= this.#done.shift()!.offsets.length * bytesPerVoxel;
  }
}
