/** @file Where the window was, and whether that is still a place: displays come and go. */
import { readFile } from 'node:fs/promises';
import { writeJsonAtomic } from '../base/node/atomic-write.ts';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  /** Of the window when it is neither maximised nor full screen. */
  readonly bounds: Rectangle;
  readonly isMaximised: boolean;
  readonly isFullScreen: boolean;
}

export const smallestSize = { width: 960, height: 640 } as const;
const firstSize = { width: 1440, height: 900 } as const;
/** Of the title bar, so that it can be grabbed. */
const leastVisible = { width: 120, height: 32 } as const;

/** Undefined for anything that is not a window's state: a file of another version, or one that was edited. */
export function parseWindowState(value: unknown): WindowState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { bounds, isMaximised, isFullScreen } = value as Partial<Record<keyof WindowState, unknown>>;
  if (typeof bounds !== 'object' || bounds === null) return undefined;
  const { x, y, width, height } = bounds as Partial<Record<keyof Rectangle, unknown>>;
  if (![x, y, width, height].every((number) => Number.isSafeInteger(number))) return undefined;
  return {
    bounds: { x, y, width, height } as Rectangle,
    isMaximised: isMaximised === true,
    isFullScreen: isFullScreen === true,
  };
}

/**
 * Bounds for the window: as they were when its title bar can still be reached on one of the displays (`workAreas`, the main one
 * first), fitted into that display; otherwise in the middle of the main one.
 */
export function placeWindow(state: WindowState | undefined, workAreas: readonly Rectangle[]): Rectangle {
  const main = workAreas[0] ?? { x: 0, y: 0, ...firstSize };
  if (state === undefined) return centred(firstSize, main);
  const home = workAreas.find((area) => isReachable(state.bounds, area));
  if (home === undefined) return centred(state.bounds, main);
  return { ...state.bounds, ...fitted(state.bounds, home) };
}

function isReachable(bounds: Rectangle, area: Rectangle): boolean {
  const width = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  const isTopInside = bounds.y >= area.y && bounds.y + leastVisible.height <= area.y + area.height;
  return isTopInside && width >= leastVisible.width;
}

function fitted(size: { width: number; height: number }, area: Rectangle): { width: number; height: number } {
  const clamp = (name: 'width' | 'height') => Math.min(Math.max(size[name], smallestSize[name]), area[name]);
  return { width: clamp('width'), height: clamp('height') };
}

function centred(size: { width: number; height: number }, area: Rectangle): Rectangle {
  const { width, height } = fitted(size, area);
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
  };
}

/** Undefined when there is none yet or it cannot be read: the window opens in the middle then. */
export async function readWindowState(file: string): Promise<WindowState | undefined> {
  try {
    return parseWindowState(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
}

export async function writeWindowState(file: string, state: WindowState): Promise<void> {
  await writeJsonAtomic(file, state);
}
