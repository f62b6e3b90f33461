/** @file Prepares a run before its worker starts: understands the data, asks the plugin for its recipe, writes that into the run folder. */
import { throwIfCancelled } from '../../base/cancel.ts';
import type { ReportProgress } from '../../base/progress.ts';
import { fingerprintDataset } from '../../dataset/node/fingerprint-dataset.ts';
import { openDataset } from '../../dataset/node/open-dataset.ts';
import type { Fingerprint } from '../../recipe/fingerprint.ts';
import type { Settings, SettingValue } from '../../recipe/settings.ts';
import { runFolderInUse } from '../../run/errors.ts';
import { hasRun, makeRunFolder, readRun, writeRecipe } from '../../run/node/run-folder.ts';
import { definePlugin } from '../../sandbox/define-plugin.ts';
import { type PluginFolder, pluginSettings } from '../../sandbox/plugin-folder.ts';
import { runSettingsDiffer } from '../errors.ts';
import { findPlugin } from '../plugins/plugins.ts';

export interface PrepareRunOptions {
  readonly plugin: string;
  readonly data: string;
  readonly run: string;
  readonly preset?: string | undefined;
  readonly settings: Readonly<Record<string, SettingValue>>;
  readonly seed?: number | undefined;
  readonly resume: boolean;
}

export interface PreparedRun {
  readonly seed: number;
}

/** The seed of a run for which none was chosen. */
const defaultSeed = 1;

/**
 * A run that is resumed keeps its own recipe and seed; choices that contradict them are refused (RUN_SETTINGS_DIFFER).
 * Throws RUN_FOLDER_IN_USE, PLUGIN_…, PRESET_UNKNOWN, SETTING_…, DATASET_…, RECIPE_INVALID.
 */
export async function prepareRun(
  options: PrepareRunOptions,
  { signal, onProgress }: { signal: AbortSignal; onProgress: ReportProgress },
): Promise<PreparedRun> {
  const plugin = await findPlugin(options.plugin);
  const exists = await hasRun(options.run);
  if (exists && !options.resume) throw runFolderInUse({ folder: options.run });
  if (exists) {
    const { recipe, record } = await readRun(options.run);
    if (recipe.plugin.id !== plugin.manifest.id) {
      throw runSettingsDiffer({
        folder: options.run,
        name: 'plugin',
        before: recipe.plugin.id,
        now: plugin.manifest.id,
      });
    }
    const chosen =
      options.preset === undefined
        ? options.settings
        : pluginSettings(plugin, { preset: options.preset, set: options.settings });
    for (const [name, value] of Object.entries(chosen)) {
      const before = recipe.settings[name];
      if (String(before) !== String(value))
        throw runSettingsDiffer({ folder: options.run, name, before: String(before), now: String(value) });
    }
    if (options.seed !== undefined && options.seed !== record.seed) {
      throw runSettingsDiffer({
        folder: options.run,
        name: 'seed',
        before: String(record.seed),
        now: String(options.seed),
      });
    }
    return { seed: record.seed };
  }
  const settings = pluginSettings(plugin, { preset: options.preset, set: options.settings });
  onProgress({ task: 'Understanding the data', done: 0, total: 1 });
  const dataset = await openDataset(options.data);
  throwIfCancelled(signal);
  const fingerprint = await fingerprintDataset(dataset);
  throwIfCancelled(signal);
  await defineRecipe({ plugin, settings, fingerprint, run: options.run });
  onProgress({ task: 'Understanding the data', done: 1, total: 1 });
  return { seed: options.seed ?? defaultSeed };
}

/** Asks the plugin for its recipe and puts that into the run folder. Throws PLUGIN_…, RECIPE_INVALID. */
export async function defineRecipe({
  plugin,
  settings,
  fingerprint,
  run,
}: {
  plugin: PluginFolder;
  settings: Settings;
  fingerprint: Fingerprint;
  run: string;
}): Promise<void> {
  const recipe = await definePlugin({ pluginFolder: plugin.folder, settings, fingerprint });
  await makeRunFolder(run);
  await writeRecipe(run, recipe);
}
