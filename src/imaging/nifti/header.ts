/** @file A NIfTI header that has been checked field by field, before a byte is allocated for voxels. */
import { isInvertible, spacingOf } from '../geometry/affine.ts';
import type { ComponentKind, Dims, VolumeHeader } from '../volume.ts';
import { type NiftiDatatype, niftiDatatypes, unsupportedDatatypes } from './datatype.ts';
import {
  niftiBadAffine,
  niftiBadDatatype,
  niftiBadDim,
  niftiBadScaling,
  niftiBadVoxOffset,
  niftiBitpixMismatch,
  niftiDatatypeUnsupported,
  niftiIsCifti,
} from './errors.ts';
import { placementOf, timeStepOf } from './placement.ts';
import { headerBytes, parseRawHeader, type RawHeader } from './raw-header.ts';

export interface NiftiHeader {
  readonly volume: VolumeHeader;
  readonly datatype: NiftiDatatype;
  readonly littleEndian: boolean;
  readonly isPair: boolean;
  readonly version: 1 | 2;
  /** Byte where the voxels start, in the .img file for a pair. */
  readonly voxOffset: number;
  /** Bytes of all voxels in the file. */
  readonly voxelBytes: number;
}

/**
 * Parses and checks a header; `bytes` holds at least its first 348 (NIfTI-1) or 540 (NIfTI-2) bytes.
 *
 * throws  every NIFTI_ code that concerns a header field, ANALYZE_UNSUPPORTED
 */
export function parseNiftiHeader(bytes: Uint8Array, file: string): NiftiHeader {
  const raw = parseRawHeader(bytes, file);
  if (raw.intentCode >= 3000 && raw.intentCode < 3100) throw niftiIsCifti(file, raw.intentCode);
  const { dims, timePoints, vectorLength } = sizesOf(raw, file);
  const datatype = datatypeOf(raw, file);
  const components = vectorLength * datatype.interleaved;
  const rasFromIjk = placementOf(raw, dims, file);
  if (!isInvertible(rasFromIjk))
    throw niftiBadAffine({ file, field: raw.sformCode !== 0 ? 'sform' : 'qform', problem: 'it is flat' });
  const timeStepS = timePoints > 1 ? timeStepOf(raw) : 0;
  return {
    volume: {
      format: `NIfTI-${raw.version}`,
      dtype: datatype.dtype,
      dims,
      timePoints,
      components,
      spacingMm: spacingOf(rasFromIjk),
      timeStepS,
      rasFromIjk,
      ...scalingOf(raw, datatype, file),
      componentKind: componentKindOf(datatype, components),
    },
    datatype,
    littleEndian: raw.littleEndian,
    isPair: raw.isPair,
    version: raw.version,
    voxOffset: voxOffsetOf(raw, file),
    voxelBytes: dims[0] * dims[1] * dims[2] * timePoints * vectorLength * (datatype.bits / 8),
  };
}

function componentKindOf(datatype: NiftiDatatype, components: number): ComponentKind | undefined {
  if (components === 1) return undefined;
  if (components !== datatype.interleaved) return 'vector';
  return datatype.interleaved === 2 ? 'complex' : 'colour';
}

/** x, y, z, time, vector length from dim[0…7]; axes beyond dim[0] count as 1. The product is checked to be an exact number. */
function sizesOf({ dim }: RawHeader, file: string): { dims: Dims; timePoints: number; vectorLength: number } {
  const rank = dim[0]!;
  const refuse = (index: number, why: string) => niftiBadDim({ file, index, found: dim[index]!, why });
  if (!(rank >= 1 && rank <= 7)) throw refuse(0, 'a volume has 1 to 7 dimensions');
  let product = 1;
  const size = (index: number): number => {
    if (index > rank) return 1;
    const found = dim[index]!;
    if (found < 1) throw refuse(index, 'an axis has at least one voxel');
    product *= found;
    if (!Number.isSafeInteger(product * 16)) throw refuse(index, 'no memory can hold that many voxels');
    return found;
  };
  const dims: Dims = [size(1), size(2), size(3)];
  const timePoints = size(4);
  const vectorLength = size(5);
  for (const index of [6, 7])
    if (size(index) > 1) throw refuse(index, 'a sixth or seventh axis cannot be shown as a volume');
  return { dims, timePoints, vectorLength };
}

function datatypeOf({ datatype: code, bitpix }: RawHeader, file: string): NiftiDatatype {
  const unsupported = unsupportedDatatypes.get(code);
  if (unsupported !== undefined) throw niftiDatatypeUnsupported(file, unsupported);
  const datatype = niftiDatatypes.find((candidate) => candidate.code === code);
  if (datatype === undefined) throw niftiBadDatatype(file, code);
  if (bitpix !== datatype.bits)
    throw niftiBitpixMismatch({
      file,
      datatype: datatype.name,
      expectedBits: datatype.bits,
      foundBits: bitpix,
    });
  return datatype;
}

/** Slope 0 or not finite means that stored values are the values; colours are never scaled. */
function scalingOf(raw: RawHeader, datatype: NiftiDatatype, file: string) {
  const isColour = datatype.interleaved > 2;
  if (isColour || raw.sclSlope === 0 || !Number.isFinite(raw.sclSlope)) return { slope: 1, intercept: 0 };
  const isAddedToRealPartOnly = datatype.interleaved === 2 && raw.sclInter !== 0;
  if (!Number.isFinite(raw.sclInter) || isAddedToRealPartOnly) throw niftiBadScaling(file, raw.sclInter);
  return { slope: raw.sclSlope, intercept: raw.sclInter };
}

function voxOffsetOf(raw: RawHeader, file: string): number {
  const lowest = raw.isPair ? 0 : headerBytes[raw.version];
  const found = raw.voxOffset;
  if (!Number.isSafeInteger(found) || found < lowest) throw niftiBadVoxOffset({ file, found, lowest });
  return found;
}
