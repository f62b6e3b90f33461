/**
 * @file Colour maps by name, as recipes name them: perceptually even, so that equal steps of a value look equally far apart.
 * Seventeen stops each, at equal distances, of the maps by van der Walt, Smith and Firing (2015) and, for cividis, Nuñez et al. (2018).
 */

const stopsHex = {
  magma:
    '0000040a08221d114736106b51127c6a1c818326819c2e7fb73779d0416fe75263f56b5cfc8961fea772fec488fde2a3fcfdbf',
  inferno:
    '0000040b0724210c4a3d096557106e71196e8a226aa32c61bc3754d24644e45a31f1731df98e09fcac11f9cb35f2ea69fcffa4',
  plasma:
    '0d08873105974c02a16600a77e03a89511a1aa2395bc3587cc4778da5a6ae66c5cf0804ef89540fdac33fdc527f8df25f0f921',
  viridis:
    '44015448186a472d7b4240863b528b33638d2c728e26828e21918c1fa08828ae803fbc735ec96284d44baddc30d8e219fde725',
  cividis:
    '00224e002e6a1a386f32436d434e6c535a6d61656f6f70737d7c788c88789b9476aba072bcae6ccdbb63dec958f0d846fee838',
  grey: '000000101010202020303030404040505050606060707070808080909090a0a0a0b0b0b0c0c0c0d0d0d0e0e0e0f0f0f0ffffff',
} as const;

export type ColourMapName = keyof typeof stopsHex;

export const colourMapNames = Object.keys(stopsHex) as ColourMapName[];

/** 'gray' is 'grey' elsewhere; a name that is not known is shown as magma. */
export function colourMapOf(name: string): ColourMapName {
  const own = name === 'gray' ? 'grey' : name;
  return own in stopsHex ? (own as ColourMapName) : 'magma';
}

/** `#rrggbb` at equal distances from the lowest to the highest value. */
export function colourStops(name: string): string[] {
  return (stopsHex[colourMapOf(name)].match(/.{6}/g) ?? []).map((hex) => `#${hex}`);
}

/** For a colour bar, lowest value at the left. */
export function colourBar(name: string): string {
  return `linear-gradient(to right, ${colourStops(name).join(', ')})`;
}

/** Red, green, blue (0-255) of a share 0-1, between the stops linearly. */
export function colourAt(name: string, share: number): [number, number, number] {
  const stops = colourStops(name);
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  const [low, high] = [channels(stops[index]!), channels(stops[index + 1]!)];
  const at = (channel: 0 | 1 | 2) =>
    Math.round(low[channel] + (place - index) * (high[channel] - low[channel]));
  return [at(0), at(1), at(2)];
}

function channels(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
