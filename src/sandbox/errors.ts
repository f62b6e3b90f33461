/** @file What can go wrong when a plugin is read or run. `file` is the plugin's own place, as `path:line`, where it is known. */
import { UserError } from '../base/errors.ts';

export function pluginFolderMissing(fields: { folder: string }): UserError {
  return new UserError({
    code: 'PLUGIN_FOLDER_MISSING',
    what: 'There is no plugin here: the folder holds no package.json.',
    file: fields.folder,
    next: 'Choose the folder that holds the plugin’s package.json.',
  });
}

export function pluginManifestUnreadable(fields: { file: string; reason: string }): UserError {
  return new UserError({
    code: 'PLUGIN_MANIFEST_UNREADABLE',
    what: `The plugin's package.json is not JSON: ${fields.reason}.`,
    file: fields.file,
    next: "Correct the file, or ask the plugin's author.",
  });
}

export function pluginImportRefused(fields: { specifier: string; file: string; reason: string }): UserError {
  return new UserError({
    code: 'PLUGIN_IMPORT_REFUSED',
    what: `A plugin may not import "${fields.specifier}": ${fields.reason}.`,
    file: fields.file,
    field: fields.specifier,
    why: 'Plugins run in a sandbox that holds their own files and the SDK, and nothing else.',
    next: 'Import from @sagitta/sdk or from a file of the plugin, by a relative path with its extension.',
  });
}

export function pluginSyntax(fields: { file: string; message: string }): UserError {
  return new UserError({
    code: 'PLUGIN_SYNTAX',
    what: `The plugin's code cannot be read: ${fields.message}.`,
    file: fields.file,
    next: 'Correct the syntax; of TypeScript, only types that can be erased are understood.',
  });
}

export function pluginEntryNotFunction(fields: { file: string; found: string }): UserError {
  return new UserError({
    code: 'PLUGIN_ENTRY',
    what: `The plugin's default export must be a function (settings, fingerprint), not ${fields.found}.`,
    file: fields.file,
    field: 'default',
    next: 'Write "export default (settings, fingerprint) => defineRecipe({ … })".',
  });
}

export function pluginTimeout(fields: { file: string; seconds: number }): UserError {
  return new UserError({
    code: 'PLUGIN_TIMEOUT',
    what: `The plugin was stopped: it had not made its recipe within ${fields.seconds} s.`,
    file: fields.file,
    why: 'A loop without end, or a graph far too large.',
    next: "Look at the place named, or ask the plugin's author.",
  });
}

export function pluginMemory(fields: { file: string; megabytes: number }): UserError {
  return new UserError({
    code: 'PLUGIN_MEMORY',
    what: `The plugin was stopped: it asked for more than ${fields.megabytes} MB of memory.`,
    file: fields.file,
    why: 'A recipe describes tensors and does not hold them; a few megabytes are enough.',
    next: "Look at the place named, or ask the plugin's author.",
  });
}

export function pluginStack(fields: { file: string }): UserError {
  return new UserError({
    code: 'PLUGIN_STACK',
    what: 'The plugin was stopped: its functions called each other too deeply.',
    file: fields.file,
    why: 'A recursion without end.',
    next: "Look at the place named, or ask the plugin's author.",
  });
}

export function pluginThrew(fields: { file: string; name: string; message: string }): UserError {
  return new UserError({
    code: 'PLUGIN_THREW',
    what: `The plugin failed with ${fields.name}: ${fields.message}`,
    file: fields.file,
    next: "Look at the place named, or ask the plugin's author.",
  });
}

/** An error of the SDK's own catalogues that came out of the sandbox, with the plugin's place added. */
export function pluginMisusesSdk(fields: {
  code: string;
  what: string;
  field?: string | undefined;
  why?: string | undefined;
  next?: string | undefined;
  file: string;
}): UserError {
  return new UserError(fields);
}

export function pluginResult(fields: { file: string; message: string }): UserError {
  return new UserError({
    code: 'PLUGIN_RESULT',
    what: `What the plugin returned is not plain data: ${fields.message}.`,
    file: fields.file,
    why: 'A recipe is JSON: finite numbers, texts, lists and objects.',
    next: "Ask the plugin's author.",
  });
}

export function pluginResultTooLarge(fields: {
  file: string;
  megabytes: number;
  limitMegabytes: number;
}): UserError {
  return new UserError({
    code: 'PLUGIN_RESULT_TOO_LARGE',
    what: `The plugin's recipe is ${fields.megabytes} MB long; at most ${fields.limitMegabytes} MB are allowed.`,
    file: fields.file,
    why: 'Large tables of constants belong in variables or inputs.',
    next: "Ask the plugin's author.",
  });
}

export function pluginCrashed(fields: { file: string; message: string }): UserError {
  return new UserError({
    code: 'PLUGIN_CRASHED',
    what: `The sandbox broke down while the plugin ran: ${fields.message}`,
    file: fields.file,
    why: 'The plugin may be hostile; nothing of it has run outside the sandbox.',
    next: 'Do not use this plugin; tell its author, and report it.',
  });
}
