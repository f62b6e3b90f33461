/** @file What can be wrong with a NIfTI file, one function a code. */
import { UserError } from '../../base/errors.ts';

const count = (value: number): string => value.toLocaleString('en-GB');
const rewrite = 'Open it in the tool that wrote it and save it again, or fetch the file again.';

export function niftiTruncated(options: {
  file: string;
  field: string;
  expectedBytes: number;
  foundBytes: number;
  /** The file is compressed and was not read: it is too small to hold more than this. */
  isUpperBound?: boolean;
}): UserError {
  const part = options.field === 'voxels' ? 'volume' : options.field;
  const holds = options.isUpperBound ? 'can hold at most' : 'holds';
  return new UserError({
    code: 'NIFTI_TRUNCATED',
    what: `The ${part} ends early: ${count(options.expectedBytes)} bytes are promised, the file ${holds} ${count(options.foundBytes)}.`,
    file: options.file,
    field: options.field,
    why: 'Likely a broken download or copy.',
    next: 'Fetch the file again, or open it in the tool that wrote it.',
  });
}

export function niftiGzipEndMissing(file: string): UserError {
  return new UserError({
    code: 'NIFTI_TRUNCATED',
    what: 'The file ends before its gzip checksum, so that its voxels cannot be trusted.',
    file,
    field: 'gzip trailer',
    why: 'Likely a broken download or copy.',
    next: 'Fetch the file again, or open it in the tool that wrote it.',
  });
}

export function niftiBadMagic(file: string, found: string): UserError {
  return new UserError({
    code: 'NIFTI_BAD_MAGIC',
    what: `The header has the size of NIfTI, but its magic is ${found} instead of n+1, ni1, n+2 or ni2.`,
    file,
    field: 'magic',
    why: 'The header is damaged, or the file was sent in text mode.',
    next: rewrite,
  });
}

export function analyzeUnsupported(file: string): UserError {
  return new UserError({
    code: 'ANALYZE_UNSUPPORTED',
    what: 'This is an ANALYZE 7.5 header (no NIfTI magic), which does not say which side is left.',
    file,
    field: 'magic',
    why: 'Programs disagree about the orientation of such files, so that sides could be swapped unnoticed.',
    next: 'Convert it to NIfTI with a tool that knows where it comes from (SPM, FSL, 3D Slicer).',
  });
}

export function niftiIsCifti(file: string, intentCode: number): UserError {
  return new UserError({
    code: 'NIFTI_IS_CIFTI',
    what: `This is a CIFTI file (intent code ${intentCode}): values on a brain surface or between regions, not a volume.`,
    file,
    field: 'intent_code',
    next: 'Export a volume from it, e.g. with Connectome Workbench (wb_command -cifti-separate).',
  });
}

export function niftiBadDim(options: { file: string; index: number; found: number; why: string }): UserError {
  return new UserError({
    code: 'NIFTI_BAD_DIM',
    what: `dim[${options.index}] is ${options.found}: ${options.why}.`,
    file: options.file,
    field: `dim[${options.index}]`,
    why: 'The header is damaged, or was written with mixed byte orders.',
    next: rewrite,
  });
}

export function niftiBadDatatype(file: string, found: number): UserError {
  return new UserError({
    code: 'NIFTI_BAD_DATATYPE',
    what: `Datatype ${found} is not one that NIfTI defines.`,
    file,
    field: 'datatype',
    why: 'The header is damaged.',
    next: rewrite,
  });
}

export function niftiDatatypeUnsupported(file: string, name: string): UserError {
  return new UserError({
    code: 'NIFTI_DATATYPE_UNSUPPORTED',
    what: `Voxels of type ${name} cannot be read.`,
    file,
    field: 'datatype',
    next: 'Save the volume as float32 or int16 and open that.',
  });
}

export function niftiBitpixMismatch(options: {
  file: string;
  datatype: string;
  expectedBits: number;
  foundBits: number;
}): UserError {
  return new UserError({
    code: 'NIFTI_BITPIX_MISMATCH',
    what: `bitpix is ${options.foundBits}, but voxels of type ${options.datatype} have ${options.expectedBits} bits.`,
    file: options.file,
    field: 'bitpix',
    why: 'One of the two fields is damaged, and it cannot be told which.',
    next: rewrite,
  });
}

export function niftiBadVoxOffset(options: {
  file: string;
  found: number;
  lowest: number;
  fileBytes?: number | undefined;
}): UserError {
  const end = options.fileBytes === undefined ? '' : ` and at most ${count(options.fileBytes)}`;
  return new UserError({
    code: 'NIFTI_BAD_VOX_OFFSET',
    what: `vox_offset is ${options.found}; voxels can start at a whole byte of at least ${options.lowest}${end}.`,
    file: options.file,
    field: 'vox_offset',
    why: 'The header is damaged or the file was cut.',
    next: rewrite,
  });
}

export function niftiBadScaling(file: string, found: number): UserError {
  return new UserError({
    code: 'NIFTI_BAD_SCALING',
    what: `scl_inter is ${found} although a slope is set, so that no value can be computed.`,
    file,
    field: 'scl_inter',
    why: 'The header is damaged.',
    next: rewrite,
  });
}

export function niftiBadPixdim(file: string, index: number, found: number): UserError {
  return new UserError({
    code: 'NIFTI_BAD_PIXDIM',
    what: `pixdim[${index}], the voxel size, is ${found}.`,
    file,
    field: `pixdim[${index}]`,
    why: 'The header is damaged.',
    next: rewrite,
  });
}

export function niftiBadAffine(options: {
  file: string;
  field: 'sform' | 'qform';
  problem: string;
}): UserError {
  return new UserError({
    code: 'NIFTI_BAD_AFFINE',
    what: `The ${options.field} does not place the voxels in space: ${options.problem}.`,
    file: options.file,
    field: options.field,
    why: 'The header is damaged, or a tool wrote an empty orientation and marked it as valid.',
    next: 'Correct the orientation in the tool that wrote it (e.g. fslorient, nibabel), then open it again.',
  });
}

export function niftiBadExtension(options: { file: string; at: number; size: number }): UserError {
  return new UserError({
    code: 'NIFTI_BAD_EXTENSION',
    what: `The header extension at byte ${options.at} claims ${options.size} bytes, which does not fit before the voxels.`,
    file: options.file,
    field: 'esize',
    why: 'The header is damaged.',
    next: rewrite,
  });
}

export function niftiPairIncomplete(file: string, missing: string): UserError {
  return new UserError({
    code: 'NIFTI_PAIR_INCOMPLETE',
    what: `This is one half of a NIfTI pair; the other half, ${missing}, is not beside it.`,
    file,
    field: 'magic',
    why: 'A .hdr file holds only the description; the voxels are in the .img file of the same name.',
    next: 'Put both files into the same folder and open the .hdr.',
  });
}

export function niftiNotEncodable(file: string, what: string): UserError {
  return new UserError({
    code: 'NIFTI_NOT_ENCODABLE',
    what,
    file,
    field: 'dim',
    next: 'Crop the volume or save fewer time points.',
  });
}
