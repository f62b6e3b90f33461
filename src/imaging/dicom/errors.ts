/** @file Errors of DICOM files and series. No patient's name, no UID: tags and numbers only. */
import { UserError } from '../../base/errors.ts';

export function dicomBroken(fields: { file: string; reason: string; cause?: unknown }): UserError {
  return new UserError(
    {
      code: 'DICOM_BROKEN',
      what: `The file begins like DICOM, but cannot be followed to its end: ${fields.reason}.`,
      file: fields.file,
      why: 'A broken copy or transfer, or a program that writes DICOM wrongly.',
      next: 'Export it again from the scanner or the archive.',
    },
    fields.cause,
  );
}

export function dicomFieldInvalid(fields: {
  file: string;
  field: string;
  found: string;
  expected: string;
}): UserError {
  return new UserError({
    code: 'DICOM_FIELD',
    what: `${fields.field} is ${fields.found}; ${fields.expected} is expected.`,
    file: fields.file,
    field: fields.field,
    next: 'Export it again from the scanner or the archive, or leave this file out.',
  });
}

export function dicomNoImage(fields: { file: string; kind: string }): UserError {
  return new UserError({
    code: 'DICOM_NO_IMAGE',
    what: `This DICOM object holds no image: it is ${fields.kind}.`,
    file: fields.file,
    next: 'Nothing is wrong with it; it is left out.',
  });
}

export function dicomSyntaxUnsupported(fields: { file: string; syntax: string }): UserError {
  return new UserError({
    code: 'DICOM_SYNTAX_UNSUPPORTED',
    what: `Its pixels are stored as ${fields.syntax}, which cannot be read here.`,
    file: fields.file,
    field: 'TransferSyntaxUID (0002,0010)',
    next: 'Ask the archive for the images uncompressed, or convert them with gdcmconv or dcmdjpeg.',
  });
}

export function dicomPixelsBroken(fields: {
  file: string;
  frame: number;
  reason: string;
  cause?: unknown;
}): UserError {
  return new UserError(
    {
      code: 'DICOM_PIXELS',
      what: `The pixels of frame ${fields.frame + 1} cannot be decoded: ${fields.reason}.`,
      file: fields.file,
      field: 'PixelData (7FE0,0010)',
      why: 'A broken copy or transfer, or a compression that its writer got wrong.',
      next: 'Export it again from the scanner or the archive.',
    },
    fields.cause,
  );
}

export function dicomTooLarge(fields: { file: string; neededBytes: number; limitBytes: number }): UserError {
  const gigabytes = (count: number) => `${(count / 1e9).toFixed(1)} GB`;
  return new UserError({
    code: 'VOLUME_TOO_LARGE',
    what: `The series needs ${gigabytes(fields.neededBytes)} of memory; ${gigabytes(fields.limitBytes)} may be used.`,
    file: fields.file,
    field: 'Rows × Columns × frames',
    next: 'Load fewer images, or use a machine with more memory.',
  });
}
