/** @file What is refused of a prediction of the project. */
import { UserError } from '../../base/errors.ts';

export function predictionUnknown(fields: { id: string }): UserError {
  return new UserError({
    code: 'PREDICTION_UNKNOWN',
    what: `There is no prediction "${fields.id}" in this project.`,
    field: 'id',
    why: 'It was removed, or its folder was moved by hand.',
    next: 'Look at the list of predictions again.',
  });
}

export function predictionBusy(fields: { runName: string }): UserError {
  return new UserError({
    code: 'PREDICTION_BUSY',
    what: `"${fields.runName}" is still segmenting into this prediction, or waits for it.`,
    field: 'id',
    next: 'Stop its job first.',
  });
}
