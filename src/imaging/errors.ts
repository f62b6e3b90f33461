/** @file Errors of opening and saving volumes that do not depend on the format. */
import { UserError } from '../base/errors.ts';

const count = (value: number): string => value.toLocaleString('en-GB');

export function fileMissing(file: string, cause?: unknown): UserError {
  return new UserError(
    {
      code: 'FILE_MISSING',
      what: 'There is no file at this path.',
      file,
      field: 'path',
      why: 'It may have been moved or renamed, or the path has a spelling mistake.',
      next: 'Check the path; quote it when it contains spaces.',
    },
    cause,
  );
}

export function fileUnreadable(file: string, reason: string, cause?: unknown): UserError {
  return new UserError(
    {
      code: 'FILE_UNREADABLE',
      what: `The file cannot be read: ${reason}.`,
      file,
      field: 'path',
      why: 'The file may belong to another user, or the disk or network share does not answer.',
      next: 'Check its permissions, or copy it to a local folder.',
    },
    cause,
  );
}

export function fileNotRegular(file: string, kind: string): UserError {
  return new UserError({
    code: 'FILE_NOT_REGULAR',
    what: `A file is expected, but this path is a ${kind}.`,
    file,
    field: 'path',
    next: 'Give the path of one volume, e.g. image.nii.gz.',
  });
}

export function fileEmpty(file: string): UserError {
  return new UserError({
    code: 'FILE_EMPTY',
    what: 'The file is empty: 0 bytes.',
    file,
    field: 'file',
    why: 'Likely a copy or download that was broken off, or a full disk while it was written.',
    next: 'Fetch the file again, or write it anew with the tool that made it.',
  });
}

export function volumeFormatUnknown(file: string, looksLike: string | undefined): UserError {
  return new UserError({
    code: 'VOLUME_FORMAT_UNKNOWN',
    what: looksLike
      ? `The content is not a volume that can be read here; it looks like ${looksLike}.`
      : 'The content is not of any volume format that can be read here.',
    file,
    field: 'first bytes',
    why: 'Files are recognised by their content, not by their name. NIfTI-1 and NIfTI-2 (.nii, .nii.gz, .hdr with .img) are read.',
    next: 'Convert it to NIfTI, e.g. with dcm2niix, 3D Slicer or nibabel.',
  });
}

export function volumeFormatNotWritten(file: string, extensions: readonly string[]): UserError {
  return new UserError({
    code: 'VOLUME_FORMAT_NOT_WRITTEN',
    what: 'No volume format is written under this file name.',
    file,
    field: 'file name',
    next: `Choose a name that ends in ${extensions.join(' or ')}.`,
  });
}

export function gzipInsideGzip(file: string): UserError {
  return new UserError({
    code: 'GZIP_TWICE',
    what: 'The file was compressed twice: inside the gzip is another gzip.',
    file,
    field: 'first bytes',
    why: 'Some download tools compress files that already are.',
    next: 'Decompress it once (gunzip) and open the result.',
  });
}

export function gzipCorrupt(file: string, readBytes: number, cause?: unknown): UserError {
  return new UserError(
    {
      code: 'GZIP_CORRUPT',
      what: `The compressed content is damaged; ${count(readBytes)} bytes could be decompressed before the fault.`,
      file,
      field: 'gzip stream',
      why: 'Bytes were changed on the way: a text-mode transfer, a faulty disk or a broken download.',
      next: 'Fetch the file again, or open it in the tool that wrote it.',
    },
    cause,
  );
}

export function volumeTooLarge(file: string, neededBytes: number, limitBytes: number): UserError {
  return new UserError({
    code: 'VOLUME_TOO_LARGE',
    what: `The volume needs ${count(neededBytes)} bytes of memory; at most ${count(limitBytes)} may be used here.`,
    file,
    field: 'dim',
    why: 'The limit is half of the memory of this machine. A damaged header can also claim too many voxels.',
    next: 'Crop or downsample the volume, split its time points, or use a machine with more memory.',
  });
}
