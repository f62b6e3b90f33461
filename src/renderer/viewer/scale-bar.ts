/** @file The scale bar: a round length that fits. */

export interface ScaleBar {
  readonly lengthMm: number;
  readonly pixels: number;
  readonly label: string;
}

/** The longest of 1, 2, 5, 10 … mm that takes no more than `mostPixels`; undefined when the scale is not known. */
export function scaleBar(mmPerPixel: number, mostPixels: number): ScaleBar | undefined {
  const mostMm = mmPerPixel * mostPixels;
  if (!(mostMm > 0) || !Number.isFinite(mostMm)) return undefined;
  const power = 10 ** Math.floor(Math.log10(mostMm));
  const lengthMm = [5, 2, 1].map((step) => step * power).find((length) => length <= mostMm) ?? power;
  const label = lengthMm >= 10 ? `${lengthMm / 10} cm` : `${Number(lengthMm.toPrecision(1))} mm`;
  return { lengthMm, pixels: lengthMm / mmPerPixel, label };
}
