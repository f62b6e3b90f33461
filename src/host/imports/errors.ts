/** @file What is refused on the way into a project; of a whole import or of one file of it. */
import { UserError } from '../../base/errors.ts';
import { bytesText } from './bytes-text.ts';

export function importUnknown(fields: { id: string }): UserError {
  return new UserError({
    code: 'IMPORT_UNKNOWN',
    what: 'This import is no longer there.',
    field: fields.id,
    why: 'It was taken or discarded already, or the program was started anew since.',
    next: 'Drop the files again.',
  });
}

export function importPath(fields: { path: string; problem: string }): UserError {
  return new UserError({
    code: 'IMPORT_PATH',
    what: `A file of this name is not taken in: ${fields.problem}.`,
    file: fields.path,
    field: 'path',
    next: 'Rename the file, or drop its folder from another place.',
  });
}

export function importTooLarge(fields: {
  path: string;
  limitBytes: number;
  of: 'file' | 'import';
}): UserError {
  const what = fields.of === 'file' ? 'One file' : 'One import';
  return new UserError({
    code: 'IMPORT_TOO_LARGE',
    what: `${what} may have ${bytesText(fields.limitBytes)} at most; with this file there would be more.`,
    file: fields.path,
    next: fields.of === 'file' ? 'Crop or compress the volume.' : 'Take the data in in several parts.',
  });
}

export function importDiskFull(fields: { path: string }, cause: unknown): UserError {
  return new UserError(
    {
      code: 'IMPORT_DISK_FULL',
      what: 'The disk of the project is full. Nothing was taken in.',
      file: fields.path,
      next: 'Make room on the disk, or move the project to a larger one, then import again.',
    },
    cause,
  );
}

export function importNameTaken(fields: { names: readonly string[] }): UserError {
  const [first] = fields.names;
  return new UserError({
    code: 'IMPORT_NAME_TAKEN',
    what:
      fields.names.length === 1
        ? `${first} is there already, or twice among these files.`
        : `${fields.names.length} of these are there already, or twice among these files: ${fields.names.join('; ')}.`,
    field: 'name',
    why: 'Capitals and small letters do not count, since not every system tells them apart.',
    next: 'Give them another subject, name or rater, or leave them out.',
  });
}

export function importGridsDiffer(fields: { label: string; image: string; problem: string }): UserError {
  return new UserError({
    code: 'IMPORT_GRIDS_DIFFER',
    what: `The label map does not lie on the grid of ${fields.image}: ${fields.problem}.`,
    file: fields.label,
    why: 'It was drawn on another image, or resampled.',
    next: 'Choose the image that it was drawn on, resample it to this image, or leave it out.',
  });
}

export function importImageMissing(fields: { label: string; subject: string; name: string }): UserError {
  return new UserError({
    code: 'IMPORT_IMAGE_MISSING',
    what: `There is no image ${fields.name} of ${fields.subject} that this label map could belong to.`,
    file: fields.label,
    next: 'Take in the image as well, choose another image, or leave the label map out.',
  });
}

export function importNothing(): UserError {
  return new UserError({
    code: 'IMPORT_NOTHING',
    what: 'No file was chosen.',
    field: 'items',
    next: 'Choose at least one image or label map.',
  });
}

export function importFileUnknown(fields: { path: string }): UserError {
  return new UserError({
    code: 'IMPORT_FILE_UNKNOWN',
    what: 'This file is not among those that were dropped, or cannot be read as a volume.',
    file: fields.path,
    next: 'Drop it again.',
  });
}

export function notAVolume(fields: { path: string; looksLike: string }): UserError {
  return new UserError({
    code: 'IMPORT_NOT_A_VOLUME',
    what: `This is ${fields.looksLike}, not a volume.`,
    file: fields.path,
    next: 'Leave it out; images and label maps are taken in as NIfTI (.nii, .nii.gz, .hdr with .img) or DICOM.',
  });
}

export function zipDamaged(fields: { path: string; problem: string }): UserError {
  return new UserError({
    code: 'ZIP_DAMAGED',
    what: `The zip archive cannot be unpacked: ${fields.problem}.`,
    file: fields.path,
    why: 'Likely a download or copy that was broken off.',
    next: 'Fetch it again, or unpack it with another program and drop the folder.',
  });
}

export function zipUnsupported(fields: { path: string; problem: string }): UserError {
  return new UserError({
    code: 'ZIP_UNSUPPORTED',
    what: `This file of the zip archive cannot be unpacked here: ${fields.problem}.`,
    file: fields.path,
    next: 'Unpack the archive with another program and drop the folder.',
  });
}

export function zipBomb(fields: { path: string; unpackedBytes: number; limitBytes: number }): UserError {
  return new UserError({
    code: 'ZIP_TOO_LARGE',
    what: `Unpacked, the zip archive would have ${bytesText(fields.unpackedBytes)}; ${bytesText(fields.limitBytes)} are allowed for one of its size.`,
    file: fields.path,
    why: 'Archives that grow that much are made to fill disks.',
    next: 'If you trust it, unpack it with another program and drop the folder.',
  });
}
