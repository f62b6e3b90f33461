/** @file Pictures of a segmentation in projection: what was found, missed and added, over the image's own MIP. */

/** RGB 0-255, told apart by colour-blind eyes and on a grey image. */
export const overlayColours = {
  hit: [86, 180, 233],
  missed: [240, 228, 66],
  added: [213, 94, 0],
} as const;

export interface ErrorProjection {
  readonly width: number;
  readonly height: number;
  /** MIP of the image, 0-255. */
  readonly background: Uint8Array;
  /** Projections (maximum) of reference and prediction masks, 0 or 1. */
  readonly reference: Uint8Array;
  readonly prediction: Uint8Array;
}

/** RGB bytes, row by row: the background at half brightness, coloured where reference or prediction project. */
export function errorOverlay({
  width,
  height,
  background,
  reference,
  prediction,
}: ErrorProjection): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const grey = background[i]! >> 1;
    const colour =
      reference[i] && prediction[i]
        ? overlayColours.hit
        : reference[i]
          ? overlayColours.missed
          : prediction[i]
            ? overlayColours.added
            : undefined;
    for (let channel = 0; channel < 3; channel++)
      rgb[i * 3 + channel] = colour === undefined ? grey : colour[channel]!;
  }
  return rgb;
}
