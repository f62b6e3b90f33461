/** @file What is refused when volumes are shown or corrected. */
import { UserError } from '../../base/errors.ts';

export function timePointMissing(fields: { file: string; timePoint: number; timePoints: number }): UserError {
  return new UserError({
    code: 'TIME_POINT_MISSING',
    what: `There is no time point ${fields.timePoint}; the volume has ${fields.timePoints}, counted from 0.`,
    file: fields.file,
    field: 't',
    next: 'Ask for one that is there.',
  });
}

export function labelSizeDiffers(fields: { file: string; expected: number; found: number }): UserError {
  return new UserError({
    code: 'LABEL_SIZE_DIFFERS',
    what: `The label map has ${fields.found.toLocaleString('en-GB')} voxels; its image has ${fields.expected.toLocaleString('en-GB')}.`,
    file: fields.file,
    field: 'voxels',
    why: 'The image was exchanged while the label map was drawn, or the transfer was cut.',
    next: 'Open the image again and save the label map once more.',
  });
}
