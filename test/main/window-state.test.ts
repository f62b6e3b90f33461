/** @file Where the window opens: as it was, if that is still a place. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  parseWindowState,
  placeWindow,
  readWindowState,
  type WindowState,
  writeWindowState,
} from '../../src/main/window-state.ts';

const left = { x: 0, y: 25, width: 1920, height: 1055 };
const right = { x: 1920, y: 0, width: 2560, height: 1440 };

function at(x: number, y: number, width = 1200, height = 800): WindowState {
  return { bounds: { x, y, width, height }, isMaximised: false, isFullScreen: false };
}

describe('a window', () => {
  it.each([
    [
      'the first time: in the middle of the main display',
      undefined,
      [left],
      { x: 240, y: 103, width: 1440, height: 900 },
    ],
    [
      'as it was on the second display',
      at(2000, 100),
      [left, right],
      { x: 2000, y: 100, width: 1200, height: 800 },
    ],
    [
      'whose display is gone: in the middle of the main one',
      at(2000, 100),
      [left],
      { x: 360, y: 153, width: 1200, height: 800 },
    ],
    [
      'partly outside, its title bar in reach: as it was',
      at(-1000, 500),
      [left],
      { x: -1000, y: 500, width: 1200, height: 800 },
    ],
    ['too far out to be grabbed', at(-1100, 500), [left], { x: 360, y: 153, width: 1200, height: 800 }],
    [
      'whose title bar is above the display',
      at(100, -10),
      [left],
      { x: 360, y: 153, width: 1200, height: 800 },
    ],
    [
      'larger than its display: as large as that',
      at(0, 25, 5000, 3000),
      [left],
      { x: 0, y: 25, width: 1920, height: 1055 },
    ],
    ['smaller than can be used', at(10, 30, 20, 20), [left], { x: 480, y: 233, width: 960, height: 640 }],
    [
      'on a display smaller than the least size',
      undefined,
      [{ x: 0, y: 0, width: 800, height: 600 }],
      { x: 0, y: 0, width: 800, height: 600 },
    ],
  ])('opens %s', (_name, state, areas, expected) => {
    expect(placeWindow(state, areas)).toEqual(expected);
  });
});

describe('the file', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sagitta-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('gives back what was written, and nothing lies beside it', async () => {
    const state = { ...at(10, 20), isMaximised: true };
    const file = join(folder, 'new', 'window.json');
    await writeWindowState(file, state);
    expect(await readWindowState(file)).toEqual(state);
    expect(await readdir(join(folder, 'new'))).toEqual(['window.json']);
  });

  it.each([
    '',
    '{',
    '[]',
    'null',
    '{"bounds":{"x":0}}',
    '{"bounds":{"x":0,"y":0,"width":1e400,"height":5}}',
  ])('that holds %j counts as none', async (text) => {
    const file = join(folder, 'window.json');
    await writeFile(file, text);
    expect(await readWindowState(file)).toBeUndefined();
  });

  it('need not be there', async () => {
    expect(await readWindowState(join(folder, 'window.json'))).toBeUndefined();
  });

  it('of an older version lacks fields that are false then', () => {
    expect(parseWindowState({ bounds: { x: 1, y: 2, width: 3, height: 4 } })).toEqual(at(1, 2, 3, 4));
  });
});
