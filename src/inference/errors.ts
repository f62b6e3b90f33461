/** @file What can be wrong between a run and the volume it is asked to predict. */
import { UserError } from '../base/errors.ts';

export function weightsMissing(fields: {
  name: string;
  expected: readonly number[];
  found: readonly number[] | undefined;
}): UserError {
  const found = fields.found === undefined ? 'it is not there' : `found [${fields.found.join(', ')}]`;
  return new UserError({
    code: 'CHECKPOINT_UNFIT',
    what: `The checkpoint does not fit the recipe: the tensor "${fields.name}" should be [${fields.expected.join(', ')}], but ${found}.`,
    field: fields.name,
    why: 'recipe.json or the checkpoint comes from another run.',
    next: 'Use the run folder as it was trained.',
  });
}

export function channelsExpected(fields: { expected: number; found: number }): UserError {
  return new UserError({
    code: 'INPUT_CHANNELS',
    what: `This run was trained on ${fields.expected} image channels per subject; ${fields.found} were given.`,
    field: 'input',
    next: 'Give the volumes of all channels, in the order of the training data.',
  });
}

export function channelGridsDiffer(fields: { channel: number }): UserError {
  return new UserError({
    code: 'INPUT_GRIDS_DIFFER',
    what: `Channel ${fields.channel} of the input does not lie on the grid of channel 1.`,
    field: 'input',
    next: 'Resample the channels onto one grid first.',
  });
}
