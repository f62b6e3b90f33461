/** @file Correcting: undo and redo of strokes, and slices filled between painted ones. */
import { describe, expect, it } from 'vitest';
import { EditHistory } from '../../../src/renderer/viewer/edit-history.ts';
import { fillBetweenSlices, signedDistance } from '../../../src/renderer/viewer/fill-between-slices.ts';

describe('the history of strokes', () => {
  const stroke = (history: EditHistory, offsets: readonly number[], value: number) => {
    for (const offset of offsets) history.set(offset, value);
    history.endStroke();
  };

  it('undoes and redoes whole strokes, newest first', () => {
    const history = new EditHistory(new Uint8Array(6));
    stroke(history, [0, 1], 1);
    stroke(history, [1, 2], 2);
    expect([...history.labels]).toEqual([1, 2, 2, 0, 0, 0]);
    expect([...history.undo()]).toEqual([1, 2]);
    expect([...history.labels]).toEqual([1, 1, 0, 0, 0, 0]);
    history.undo();
    expect(history.canUndo).toBe(false);
    history.redo();
    history.redo();
    expect([...history.labels]).toEqual([1, 2, 2, 0, 0, 0]);
    expect(history.canRedo).toBe(false);
  });

  it('forgets what was undone when something else is painted', () => {
    const history = new EditHistory(new Uint8Array(3));
    stroke(history, [0], 1);
    history.undo();
    stroke(history, [1], 1);
    expect(history.canRedo).toBe(false);
  });

  it('is no step when nothing changed', () => {
    const history = new EditHistory(new Uint8Array(3));
    stroke(history, [0, 1], 0);
    expect(history.canUndo).toBe(false);
  });

  it('knows whether the state is the one that was saved', () => {
    const history = new EditHistory(new Uint8Array(3));
    stroke(history, [0], 1);
    expect(history.hasUnsaved).toBe(true);
    history.markSaved();
    expect(history.hasUnsaved).toBe(false);
    history.undo();
    expect(history.hasUnsaved).toBe(true);
    history.redo();
    expect(history.hasUnsaved).toBe(false);
    history.undo();
    stroke(history, [2], 1);
    expect(history.hasUnsaved).toBe(true);
    history.undo();
    expect(history.hasUnsaved).toBe(true);
  });
});

const size = 15;
const dims = [size, size, 7] as const;
const at = (x: number, y: number, z: number) => x + size * (y + size * z);

function disc(labels: Uint8Array, z: number, radius: number, value = 1): void {
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) if (Math.hypot(x - 7, y - 7) <= radius) labels[at(x, y, z)] = value;
}

describe('filling between slices', () => {
  const options = { dims, spacing: [1, 1, 2] as const, axis: 2 as const, value: 1 };

  it('makes a cone between two discs', () => {
    const labels = new Uint8Array(size * size * 7);
    disc(labels, 1, 2);
    disc(labels, 5, 6);
    for (const offset of fillBetweenSlices(labels, options)) labels[offset] = 1;
    const areas = Array.from(
      { length: 7 },
      (_, z) => labels.subarray(z * size ** 2, (z + 1) * size ** 2).filter(Boolean).length,
    );
    expect(areas[0]).toBe(0);
    expect(areas[6]).toBe(0);
    expect(areas.slice(1, 6)).toEqual(areas.slice(1, 6).toSorted((a, b) => a - b));
    expect(areas[3]! - Math.PI * 16).toBeLessThan(12);
    expect(Math.PI * 16 - areas[3]!).toBeLessThan(12);
  });

  it('leaves other classes as they are', () => {
    const labels = new Uint8Array(size * size * 7);
    disc(labels, 1, 4);
    disc(labels, 3, 4);
    labels[at(7, 7, 2)] = 2;
    expect(fillBetweenSlices(labels, options)).not.toContain(at(7, 7, 2));
  });

  it('fills nothing outside of two painted slices, nor between neighbours', () => {
    const labels = new Uint8Array(size * size * 7);
    disc(labels, 3, 4);
    expect(fillBetweenSlices(labels, options)).toEqual([]);
    disc(labels, 4, 4);
    expect(fillBetweenSlices(labels, options)).toEqual([]);
  });

  it('works across any axis', () => {
    const labels = new Uint8Array(size * size * 7);
    for (const x of [3, 6]) for (let z = 2; z < 5; z++) labels[at(x, 7, z)] = 1;
    const filled = fillBetweenSlices(labels, { ...options, axis: 0 });
    expect(filled.sort((a, b) => a - b)).toEqual(
      [2, 3, 4].flatMap((z) => [at(4, 7, z), at(5, 7, z)]).sort((a, b) => a - b),
    );
  });

  it('measures distances in millimetres, negative inside', () => {
    const mask = Uint8Array.of(0, 0, 1, 1, 1, 0, 0);
    const distance = signedDistance(mask, { width: 7, height: 1, stepU: 3, stepV: 1 });
    expect([...distance]).toEqual([6, 3, -3, -6, -3, 3, 6]);
  });
});
