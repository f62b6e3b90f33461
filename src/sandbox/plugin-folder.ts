/** @file A plugin on disk: its folder and what its manifest says. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { presetUnknown } from '../recipe/errors.ts';
import { type Manifest, parseManifest } from '../recipe/manifest.ts';
import { resolveSettings, type Settings, type SettingValue } from '../recipe/settings.ts';
import { pluginFolderMissing, pluginManifestUnreadable } from './errors.ts';

export interface PluginFolder {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly version: string;
  readonly license: string;
}

/** Throws PLUGIN_FOLDER_MISSING, PLUGIN_MANIFEST_UNREADABLE or MANIFEST_INVALID. Runs nothing of the plugin. */
export async function readPluginFolder(folder: string): Promise<PluginFolder> {
  const file = join(folder, 'package.json');
  return { folder, ...parseManifest(await readJson(file, folder), file) };
}

async function readJson(file: string, folder: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' || error.code === 'ENOTDIR' ? pluginFolderMissing({ folder }) : error;
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw pluginManifestUnreadable({ file, reason: error instanceof Error ? error.message : String(error) });
  }
}

/**
 * All settings with a value each: the manifest's defaults, then the preset (the default one when none is named), then what was chosen.
 * Throws PRESET_UNKNOWN, SETTING_UNKNOWN or SETTING_INVALID.
 */
export function pluginSettings(
  { manifest }: Pick<PluginFolder, 'manifest'>,
  choice: { preset?: string | undefined; set?: Readonly<Record<string, SettingValue>> } = {},
): Settings {
  const name = choice.preset ?? manifest.defaultPreset;
  const preset = Object.hasOwn(manifest.presets, name) ? manifest.presets[name] : undefined;
  if (preset === undefined) throw presetUnknown({ name, known: Object.keys(manifest.presets) });
  return resolveSettings(manifest.settings, preset.settings, choice.set ?? {});
}
