/** @file Windows that radiologists know by name. Those of CT are in Hounsfield units and mean nothing for other images. */

export interface WindowPreset {
  readonly name: string;
  /** Lower and upper end; null for what suits the image. */
  readonly window: readonly [number, number] | null;
}

/** Ends of a window from its level and width, as presets are told. */
export function windowOf({ level, width }: { level: number; width: number }): [number, number] {
  return [level - width / 2, level + width / 2];
}

export const windowPresets: readonly WindowPreset[] = [
  { name: 'Automatic', window: null },
  { name: 'CT brain', window: windowOf({ level: 40, width: 80 }) },
  { name: 'CT lung', window: windowOf({ level: -600, width: 1500 }) },
  { name: 'CT bone', window: windowOf({ level: 400, width: 1800 }) },
  { name: 'CT soft tissue', window: windowOf({ level: 50, width: 400 }) },
  { name: 'CT angiography', window: windowOf({ level: 300, width: 600 }) },
];

interface Scaled {
  readonly window: readonly [number, number] | null;
  readonly range: readonly [number, number] | null;
}

/** The window to begin with; 0 to 1 for an image of which nothing is known. */
export function automaticWindow({ window, range }: Scaled): readonly [number, number] {
  return window ?? range ?? [0, 1];
}

/** A preset that lies outside of all values would show one flat grey. */
export function canUse({ window }: WindowPreset, { range }: Scaled): boolean {
  return window === null || range === null || (window[0] < range[1] && window[1] > range[0]);
}
