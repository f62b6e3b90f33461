/** @file What is refused on the way out of a project. */
import { UserError } from '../../base/errors.ts';

export function exportUnknown(fields: { path: string }): UserError {
  return new UserError({
    code: 'EXPORT_UNKNOWN',
    what: "There is no such file in the project's folder of exports.",
    file: fields.path,
    why: 'It was removed, or written elsewhere.',
    next: 'Export it again.',
  });
}

export function exportFolder(fields: { folder: string; problem: string }): UserError {
  return new UserError({
    code: 'EXPORT_FOLDER',
    what: `This folder cannot be exported to: ${fields.problem}.`,
    file: fields.folder,
    field: 'folder',
    next: "Choose another folder, or none for the project's own folder of exports.",
  });
}

export function predictionUnknown(fields: { id: string }): UserError {
  return new UserError({
    code: 'PREDICTION_UNKNOWN',
    what: 'There is no such prediction in this project.',
    file: fields.id,
    why: 'It was removed.',
    next: 'Choose another prediction.',
  });
}

export function exportNothing(fields: { prediction: string }): UserError {
  return new UserError({
    code: 'EXPORT_NOTHING',
    what: 'No case of this prediction has a label map by a person to compare with.',
    file: fields.prediction,
    why: 'The report shows where prediction and reference differ.',
    next: 'Draw or import a label map for at least one of its images, or export the table instead.',
  });
}
