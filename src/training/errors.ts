/** @file What can go wrong while training that the person can act on. */
import { UserError } from '../base/errors.ts';

export function trainingDiverged(fields: { step: number; loss: number; learningRate: number }): UserError {
  return new UserError({
    code: 'TRAINING_DIVERGED',
    what: `At step ${fields.step} the loss, its gradient or a weight was no longer a finite number (loss ${fields.loss}), with a learning rate of ${fields.learningRate}.`,
    field: 'learningRate',
    why: 'The learning rate is too high for this data, or a volume holds values far out of range.',
    next: 'Lower the learning rate or turn on gradient clipping. The last good checkpoint is kept.',
  });
}

export function dataChanged(fields: { subject: string; folder: string }): UserError {
  return new UserError({
    code: 'DATA_CHANGED',
    what: `Subject ${fields.subject} is not what it was when this run began: its files have changed or are gone.`,
    file: fields.folder,
    why: 'A resumed run must see the same data, or its result would be neither the old nor the new one.',
    next: 'Restore the files, or start a new run.',
  });
}
