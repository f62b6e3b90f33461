/** @file Finds the image that each label map was drawn on: by subject, by grid, by name. */
import { type Grid, isSameGrid } from '../../imaging/grid.ts';

/** An image of this import or of the library. */
export interface ImageOffer {
  readonly subject: string;
  readonly name: string;
  readonly grid: Grid;
  /** File name without folder and ending, to compare names by; empty for images of the library. */
  readonly stem: string;
  /** Undefined for images of the library. */
  readonly folder: string | undefined;
}

export interface LabelQuery {
  readonly subject: string;
  readonly grid: Grid;
  readonly stem: string;
  readonly folder: string;
}

export interface Pairing {
  readonly image: ImageOffer | undefined;
  /** How many images have its grid. */
  readonly fitting: number;
}

/**
 * The first that is found: an image of its subject with its grid; an image of its grid whose file name begins with its subject; an
 * image of its grid in its folder, where these are of one subject; the image of its grid whose name is closest, if one is closer
 * than all others. Else an image of its subject that does not fit; else none.
 */
export function findImageOf(label: LabelQuery, images: readonly ImageOffer[]): Pairing {
  const own = images.filter(({ subject }) => subject === label.subject);
  const fitting = images.filter(({ grid }) => isSameGridAs(grid, label.grid));
  const image =
    own.find((offer) => fitting.includes(offer)) ??
    fitting.find(({ stem }) => stem === label.subject || stem.startsWith(`${label.subject}_`)) ??
    ofOneSubject(fitting.filter(({ folder }) => folder === label.folder)) ??
    closest(label.stem, fitting) ??
    own[0];
  return { image, fitting: fitting.length };
}

function ofOneSubject(offers: readonly ImageOffer[]): ImageOffer | undefined {
  return new Set(offers.map(({ subject }) => subject)).size === 1 ? offers[0] : undefined;
}

/** With the tolerance that training has: a twentieth of the smallest voxel side. */
export function isSameGridAs(a: Grid, b: Grid): boolean {
  return gridProblem(a, b) === undefined;
}

/** What is different about `label`, in words; undefined when the grids agree. */
export function gridProblem(image: Grid, label: Grid): string | undefined {
  if (image.dims.join() !== label.dims.join())
    return `it has ${label.dims.join(' × ')} voxels, the image ${image.dims.join(' × ')}`;
  const sides = [0, 1, 2].map((column) =>
    Math.hypot(...[0, 1, 2].map((row) => image.rasFromIjk[row]![column]!)),
  );
  return isSameGrid(image, label, Math.min(...sides) / 20)
    ? undefined
    : 'its voxels lie elsewhere in the world (other affine)';
}

function closest(stem: string, offers: readonly ImageOffer[]): ImageOffer | undefined {
  const ranked = offers
    .map((offer) => ({ offer, shared: sharedStart(stem, offer.stem) }))
    .sort((a, b) => b.shared - a.shared);
  const [first, second] = ranked;
  return second === undefined || first!.shared > second.shared ? first?.offer : undefined;
}

/** Length of the common beginning of two names. */
export function sharedStart(a: string, b: string): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}
