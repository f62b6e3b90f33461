/** @file The gate: a plugin's folder, settings and the data's fingerprint go in, a validated recipe comes out. */
import { Worker } from 'node:worker_threads';
import type { Fingerprint } from '../recipe/fingerprint.ts';
import { parseRecipe, type Recipe, recipeVersion } from '../recipe/recipe.ts';
import { resolveSettings, type Settings } from '../recipe/settings.ts';
import { pluginCrashed, pluginMisusesSdk, pluginTimeout } from './errors.ts';
import type { GuestAnswer, GuestThreadData } from './guest-thread.ts';
import { defaultLimits, type SandboxLimits } from './limits.ts';
import { readPluginFolder } from './plugin-folder.ts';

export interface DefinePluginOptions {
  readonly pluginFolder: string;
  /** Defaults are filled in; see `pluginSettings` for presets. */
  readonly settings: Settings;
  readonly fingerprint: Fingerprint;
  readonly limits?: SandboxLimits;
}

/**
 * Runs the plugin's `define` in the sandbox and checks what it returns. The same plugin, settings and fingerprint give the same recipe,
 * byte for byte as JSON.
 *
 * Throws SETTING_…, MANIFEST_…, PLUGIN_… (with the plugin's own `file:line`), RECIPE_INVALID or GRAPH_….
 */
export async function definePlugin(options: DefinePluginOptions): Promise<Recipe> {
  const { pluginFolder, fingerprint, limits = defaultLimits } = options;
  const { manifest, version } = await readPluginFolder(pluginFolder);
  const settings = resolveSettings(manifest.settings, options.settings);
  const draft = await runThread({
    pluginFolder,
    entry: manifest.entry,
    settingsJson: JSON.stringify(settings),
    fingerprintJson: JSON.stringify(fingerprint),
    limits,
  });
  const stamped = {
    version: recipeVersion,
    plugin: { id: manifest.id, version, apiVersion: manifest.apiVersion },
    task: manifest.task,
    settings,
  };
  return parseRecipe(isRecord(draft) ? { ...draft, ...stamped } : draft, pluginFolder);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The thread is ended from outside when QuickJS does not notice the time: a loop inside one of its own functions. */
const graceMs = 1000;

async function runThread(data: GuestThreadData): Promise<unknown> {
  const { pluginFolder: file } = data;
  const answer = await askThread(data);
  if ('draftJson' in answer) return JSON.parse(answer.draftJson);
  if ('error' in answer) throw pluginMisusesSdk({ ...answer.error, file: answer.error.file ?? file });
  throw pluginCrashed({ file, message: answer.crash });
}

async function askThread(data: GuestThreadData): Promise<GuestAnswer> {
  const { pluginFolder: file, limits } = data;
  const worker = new Worker(new URL('./guest-thread.ts', import.meta.url), {
    workerData: data,
    // QuickJS recurses on the thread's own stack; a roomy one lets QuickJS's limit speak first.
    resourceLimits: { stackSizeMb: 16 },
    // Node marks the blanking of types as experimental; its warning is not for those who train.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: {},
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<GuestAnswer>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', (error) => resolve({ crash: error.message }));
      worker.once('exit', (status) => resolve({ crash: `its thread left with status ${status}` }));
      timer = setTimeout(
        () => reject(pluginTimeout({ file, seconds: limits.timeMs / 1000 })),
        limits.timeMs + graceMs,
      );
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
