/** @file Volume to NIfTI bytes: the door out beside decode.ts, proved by the round trip. */
import { affineColumn, isOrthogonal } from '../geometry/affine.ts';
import type { Volume } from '../volume.ts';
import { bytesOf } from '../voxel-type.ts';
import { interleave } from './components.ts';
import { type NiftiDatatype, niftiDatatypes } from './datatype.ts';
import { niftiNotEncodable } from './errors.ts';
import { type Qform, qformOfAffine } from './quaternion.ts';
import { headerBytes } from './raw-header.ts';

const vectorIntent = 1007;
/** xyzt_units: millimetres and seconds. */
const mmAndSeconds = 2 | 8;

/**
 * The file as two pieces, header and voxels; the second is a view of the volume's data unless components are interleaved.
 * NIfTI-1, or NIfTI-2 when an axis is longer than 32,767. Little endian. The sform (code 1) holds the affine; the qform
 * (code 1) repeats it when its axes are at right angles, else its code is 0.
 *
 * throws  NIFTI_NOT_ENCODABLE
 */
export function encodeNifti(volume: Volume, name = ''): readonly Uint8Array[] {
  const datatype = datatypeFor(volume);
  const vectorLength = volume.components / datatype.interleaved;
  const dim = dimsFor(volume, vectorLength);
  const version = Math.max(...dim) > 32_767 ? 2 : 1;
  if (!Number.isSafeInteger(volume.data.byteLength) || dim.some((size) => size < 1))
    throw niftiNotEncodable(name, `A volume of ${dim.slice(1).join(' × ')} voxels cannot be saved as NIfTI.`);
  const fields = new FieldWriter(version);
  writeFields(fields, volume, { dim, datatype, intent: vectorLength > 1 ? vectorIntent : 0 });
  const data = datatype.interleaved === 1 ? volume.data : interleave(volume.data, datatype.interleaved);
  return [fields.bytes, bytesOf(data)];
}

function datatypeFor(volume: Volume): NiftiDatatype {
  const { dtype, components, componentKind } = volume;
  const isColour = componentKind === 'colour' && dtype === 'uint8' && (components === 3 || components === 4);
  const isComplex =
    componentKind === 'complex' && components === 2 && (dtype === 'float32' || dtype === 'float64');
  const interleaved = isColour || isComplex ? components : 1;
  return niftiDatatypes.find((row) => row.dtype === dtype && row.interleaved === interleaved)!;
}

/** dim[0…7]. */
function dimsFor({ dims, timePoints }: Volume, vectorLength: number): number[] {
  const rank = vectorLength > 1 ? 5 : timePoints > 1 ? 4 : 3;
  return [rank, ...dims, timePoints, vectorLength, 1, 1];
}

/** Places of the fields that are written. Source: nifti1.h and nifti2.h. */
const layout = {
  1: {
    datatype: 70,
    bitpix: 72,
    dim: 40,
    pixdim: 76,
    voxOffset: 108,
    slope: 112,
    units: 123,
    intent: 68,
    qformCode: 252,
    sformCode: 254,
    quaternion: 256,
    qoffset: 268,
    srow: 280,
  },
  2: {
    datatype: 12,
    bitpix: 14,
    dim: 16,
    pixdim: 104,
    voxOffset: 168,
    slope: 176,
    units: 500,
    intent: 504,
    qformCode: 344,
    sformCode: 348,
    quaternion: 352,
    qoffset: 376,
    srow: 400,
  },
} as const;

/** Writes numbers at named fields, each in the width that the version gives it. */
class FieldWriter {
  readonly bytes: Uint8Array;
  private readonly version: 1 | 2;
  private readonly view: DataView;

  constructor(version: 1 | 2) {
    this.version = version;
    // Four bytes after the header say that no extensions follow.
    this.bytes = new Uint8Array(headerBytes[version] + 4);
    this.view = new DataView(this.bytes.buffer);
    this.view.setInt32(0, headerBytes[version], true);
    const magic = version === 1 ? 'n+1\0' : 'n+2\0\r\n\x1a\n';
    this.bytes.set(new TextEncoder().encode(magic), version === 1 ? 344 : 4);
  }

  private at(field: keyof (typeof layout)[1]): number {
    return layout[this.version][field];
  }

  /** datatype and bitpix, 16 bits in both versions. */
  shortField(field: 'datatype' | 'bitpix', value: number): void {
    this.view.setInt16(this.at(field), value, true);
  }

  /** Codes: 16 bits in NIfTI-1, 32 in NIfTI-2. */
  code(field: 'intent' | 'qformCode' | 'sformCode', value: number): void {
    if (this.version === 1) this.view.setInt16(this.at(field), value, true);
    else this.view.setInt32(this.at(field), value, true);
  }

  units(value: number): void {
    if (this.version === 1) this.view.setUint8(this.at('units'), value);
    else this.view.setInt32(this.at('units'), value, true);
  }

  dim(sizes: readonly number[]): void {
    for (const [n, size] of sizes.entries()) {
      if (this.version === 1) this.view.setInt16(this.at('dim') + 2 * n, size, true);
      else this.view.setBigInt64(this.at('dim') + 8 * n, BigInt(size), true);
    }
  }

  /** Consecutive floating-point numbers: float32 in NIfTI-1, float64 in NIfTI-2. */
  floats(field: 'pixdim' | 'slope' | 'quaternion' | 'qoffset' | 'srow', values: readonly number[]): void {
    for (const [n, value] of values.entries()) {
      if (this.version === 1) this.view.setFloat32(this.at(field) + 4 * n, value, true);
      else this.view.setFloat64(this.at(field) + 8 * n, value, true);
    }
  }

  voxOffset(value: number): void {
    if (this.version === 1) this.view.setFloat32(this.at('voxOffset'), value, true);
    else this.view.setBigInt64(this.at('voxOffset'), BigInt(value), true);
  }
}

function writeFields(
  fields: FieldWriter,
  volume: Volume,
  { dim, datatype, intent }: { dim: readonly number[]; datatype: NiftiDatatype; intent: number },
): void {
  const { rasFromIjk, spacingMm, slope, intercept, timePoints, timeStepS } = volume;
  const qform: Qform | undefined = isOrthogonal(rasFromIjk) ? qformOfAffine(rasFromIjk) : undefined;
  fields.dim(dim);
  fields.code('intent', intent);
  fields.shortField('datatype', datatype.code);
  fields.shortField('bitpix', datatype.bits);
  fields.floats('pixdim', [qform?.qfac ?? 1, ...spacingMm, timePoints > 1 ? timeStepS : 1, 1, 1, 1]);
  fields.voxOffset(fields.bytes.length);
  fields.floats('slope', [slope, intercept]);
  fields.units(mmAndSeconds);
  fields.code('qformCode', qform === undefined ? 0 : 1);
  fields.code('sformCode', 1);
  fields.floats('quaternion', qform?.quaternion ?? [0, 0, 0]);
  fields.floats('qoffset', affineColumn(rasFromIjk, 3));
  fields.floats('srow', rasFromIjk.slice(0, 3).flat());
}
