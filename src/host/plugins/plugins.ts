/** @file Which plugins there are: the built-in ones beside the sources. One plugin's fault never hides another. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ErrorReport, errorReport } from '../../base/errors.ts';
import { type PluginFolder, readPluginFolder } from '../../sandbox/plugin-folder.ts';
import { pluginUnknown } from '../errors.ts';

const builtInFolder = join(import.meta.dirname, '../../../plugins');

/** A folder in which a plugin was expected, and why it is none. */
export interface BrokenPlugin {
  readonly folder: string;
  readonly error: ErrorReport;
}

export async function listPlugins(): Promise<(PluginFolder | BrokenPlugin)[]> {
  const entries = await readdir(builtInFolder, { withFileTypes: true });
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(builtInFolder, entry.name));
  return Promise.all(
    folders
      .sort()
      .map((folder) =>
        readPluginFolder(folder).catch((error: unknown) => ({ folder, error: errorReport(error) })),
      ),
  );
}

/** By id. Throws PLUGIN_UNKNOWN, naming those there are. */
export async function findPlugin(id: string): Promise<PluginFolder> {
  const plugins = (await listPlugins()).filter((plugin) => 'manifest' in plugin);
  const found = plugins.find(({ manifest }) => manifest.id === id);
  if (found === undefined) throw pluginUnknown({ id, known: plugins.map(({ manifest }) => manifest.id) });
  return found;
}
