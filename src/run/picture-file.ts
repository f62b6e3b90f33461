/** @file Where a run keeps the picture of an epoch's validation: image, truth, prediction and differences of one case, side by side. */

/** Relative to the run folder. */
export const picturesFolder = 'pictures';

export function pictureFile(epoch: number): string {
  return `${picturesFolder}/epoch-${String(epoch).padStart(4, '0')}.png`;
}

/** The epoch of a file name in the pictures' folder; undefined for anything else. */
export function epochOfPicture(name: string): number | undefined {
  const match = /^epoch-(\d{4,})\.png$/.exec(name);
  return match === null ? undefined : Number(match[1]);
}
