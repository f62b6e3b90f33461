/** @file What an author can ask wrongly of the SDK. */
import { UserError } from '../base/errors.ts';

export function settingNotOffered(fields: { name: string; expected: string; found: string }): UserError {
  return new UserError({
    code: 'SETTING_NOT_OFFERED',
    what: `The plugin reads the setting "${fields.name}" as ${fields.expected}, but found ${fields.found}.`,
    field: fields.name,
    why: "The plugin's code and the settings in its package.json do not agree.",
    next: 'Declare the setting in package.json, with this kind and these options.',
  });
}

export function patchDoesNotFit(fields: { size: number; multiple: number; field: string }): UserError {
  return new UserError({
    code: 'PATCH_DOES_NOT_FIT',
    what: `A patch edge of ${fields.size} voxels cannot be halved as often as the network has levels: it must be a multiple of ${fields.multiple}.`,
    field: fields.field,
    next: `Choose a multiple of ${fields.multiple}, or fewer levels.`,
  });
}
