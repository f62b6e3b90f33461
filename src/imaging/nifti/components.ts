/** @file Colours and complex numbers lie side by side in the file, component after component in a Volume. */
import type { VoxelData } from '../volume.ts';

type Numbers = Uint8Array | Float32Array | Float64Array;

function alike(data: VoxelData): Numbers {
  if (data instanceof Float32Array) return new Float32Array(data.length);
  if (data instanceof Float64Array) return new Float64Array(data.length);
  return new Uint8Array(data.length);
}

/** `r g b r g b …` to `r r … g g … b b …`. Only for uint8, float32, float64, the types that interleaved voxels have. */
export function deinterleave(data: VoxelData, components: number): VoxelData {
  const source = data as Numbers;
  const result = alike(data);
  const count = source.length / components;
  for (let c = 0; c < components; c++)
    for (let i = 0; i < count; i++) result[c * count + i] = source[i * components + c]!;
  return result;
}

/** The reverse of {@link deinterleave}. */
export function interleave(data: VoxelData, components: number): VoxelData {
  const source = data as Numbers;
  const result = alike(data);
  const count = source.length / components;
  for (let c = 0; c < components; c++)
    for (let i = 0; i < count; i++) result[i * components + c] = source[c * count + i]!;
  return result;
}
