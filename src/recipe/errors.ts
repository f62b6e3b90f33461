/** @file What can be wrong with settings, a manifest or a recipe. */
import { UserError } from '../base/errors.ts';

export function settingUnknown(fields: { name: string; known: readonly string[] }): UserError {
  return new UserError({
    code: 'SETTING_UNKNOWN',
    what: `There is no setting "${fields.name}".`,
    field: fields.name,
    next: `Known settings: ${fields.known.join(', ')}.`,
  });
}

export function settingInvalid(fields: { name: string; expected: string; found: string }): UserError {
  return new UserError({
    code: 'SETTING_INVALID',
    what: `The setting "${fields.name}" must be ${fields.expected}, not "${fields.found}".`,
    field: fields.name,
    next: `Choose ${fields.expected}.`,
  });
}

export function presetUnknown(fields: { name: string; known: readonly string[] }): UserError {
  return new UserError({
    code: 'PRESET_UNKNOWN',
    what: `There is no preset "${fields.name}".`,
    field: 'preset',
    next: `Known presets: ${fields.known.join(', ')}.`,
  });
}

/** `issues` are lines "path: what is wrong". */
export function manifestInvalid(fields: { file: string; issues: readonly string[] }): UserError {
  return new UserError({
    code: 'MANIFEST_INVALID',
    what: `The plugin's manifest is not valid: ${fields.issues.join('; ')}.`,
    file: fields.file,
    field: fields.issues[0]?.split(':')[0],
    next: "Correct package.json, or ask the plugin's author.",
  });
}

export function recipeInvalid(fields: { issues: readonly string[]; file?: string }): UserError {
  return new UserError({
    code: 'RECIPE_INVALID',
    what: `The recipe is not valid: ${fields.issues.join('; ')}.`,
    file: fields.file,
    field: fields.issues[0]?.split(':')[0],
    why: 'A plugin returned something that the engine cannot run, or recipe.json was changed by hand.',
    next: "Ask the plugin's author, or train again.",
  });
}
