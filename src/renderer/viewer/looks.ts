/** @file How an actor looks: window of the image, colours of label maps, colour maps with threshold for probabilities and uncertainty. */

import { CONSTANTS } from '@cornerstonejs/core';
import vtkPiecewiseFunction from '@kitware/vtk.js/Common/DataModel/PiecewiseFunction.js';
import vtkColorTransferFunction from '@kitware/vtk.js/Rendering/Core/ColorTransferFunction.js';
import type vtkVolume from '@kitware/vtk.js/Rendering/Core/Volume.js';
import { colourStops } from '../widgets/colour-maps.ts';
import type { DrawnVolume } from './texture.ts';
import type { LabelClass, Overlay } from './types.ts';

type Property = ReturnType<vtkVolume['getProperty']>;
/** vtk.js has it, its types do not. */
type OutlinedProperty = Property & { setLabelOutlineOpacity(opacity: number): void };

const rgb = (hex: string): [number, number, number] => {
  const value = Number.parseInt(hex.slice(1), 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
};

/** Stored value of a scaled one. */
const stored = (value: number, { slope, intercept }: Pick<DrawnVolume, 'slope' | 'intercept'>): number =>
  (value - intercept) / slope;

/** Black at the lower end of the window, white at the upper, whichever way the stored values run. */
export function windowLook(property: Property, volume: DrawnVolume, window: readonly [number, number]): void {
  const [low, high] = [stored(window[0], volume), stored(window[1], volume)];
  const colours = vtkColorTransferFunction.newInstance();
  // A window without width is a step.
  const end = high === low ? low + 1e-6 : high;
  colours.addRGBPoint(low, 0, 0, 0);
  colours.addRGBPoint(end, 1, 1, 1);
  colours.setMappingRange(Math.min(low, end), Math.max(low, end));
  property.setRGBTransferFunction(0, colours);
}

export function overlayLook(property: Property, volume: DrawnVolume, overlay: Omit<Overlay, 'volume'>): void {
  // Opacity is meant for this length of a ray. A plane is a slab this thin, so that what is asked for is what is seen.
  property.setScalarOpacityUnitDistance(0, CONSTANTS.RENDERING_DEFAULTS.MINIMUM_SLAB_THICKNESS);
  if (overlay.kind === 'labels') labelLook(property, overlay.classes, overlay);
  else heatLook(property, volume, overlay);
}

/** Class values are whole numbers: half-way between two the colour steps. Values without a class are shown in grey. */
export function labelLook(
  property: Property,
  classes: readonly LabelClass[],
  { opacity, style }: Pick<Overlay, 'opacity' | 'style'>,
): void {
  const colours = vtkColorTransferFunction.newInstance();
  const opacities = vtkPiecewiseFunction.newInstance();
  const known = new Map(classes.map(({ value, colour }) => [value, rgb(colour)]));
  const most = Math.max(255, ...known.keys());
  const fill = style === 'outline' ? 0 : opacity;
  opacities.addPointLong(0, 0, 0.5, 1);
  opacities.addPoint(0.5, fill);
  opacities.addPoint(most + 1, fill);
  for (let value = 0; value <= Math.min(most, 1024); value++) {
    const [r, g, b] = known.get(value) ?? [0.6, 0.6, 0.6];
    colours.addRGBPointLong(value - 0.5, r, g, b, 0.5, 1);
  }
  property.setRGBTransferFunction(0, colours);
  property.setScalarOpacity(0, opacities);
  property.setInterpolationTypeToNearest();
  property.setUseLabelOutline(style !== 'fill');
  (property as OutlinedProperty).setLabelOutlineOpacity(Math.min(1, opacity + 0.3));
  property.setLabelOutlineThickness(Array.from({ length: 256 }, () => 2) as never);
}

function heatLook(
  property: Property,
  volume: DrawnVolume,
  { colourMap, range, threshold, opacity }: Pick<Overlay, 'colourMap' | 'range' | 'threshold' | 'opacity'>,
): void {
  const [low, high] = [stored(range[0], volume), stored(range[1], volume)];
  const colours = vtkColorTransferFunction.newInstance();
  const stops = colourStops(colourMap);
  stops.forEach((hex, n) => {
    colours.addRGBPoint(low + ((high - low) * n) / (stops.length - 1), ...rgb(hex));
  });
  const opacities = vtkPiecewiseFunction.newInstance();
  const least = Math.min(low, high);
  const most = Math.max(low, high);
  const cut = threshold === null ? Number.NEGATIVE_INFINITY : stored(threshold, volume);
  const width = Math.max(1e-6, (most - least) * 1e-4);
  if (cut > least) {
    opacities.addPoint(least - 1, 0);
    opacities.addPoint(cut - width, 0);
    opacities.addPoint(cut, opacity);
  } else opacities.addPoint(least - 1, opacity);
  opacities.addPoint(Math.max(most, cut) + 1, opacity);
  property.setRGBTransferFunction(0, colours);
  property.setScalarOpacity(0, opacities);
  property.setInterpolationTypeToLinear();
  property.setUseLabelOutline(false);
}
