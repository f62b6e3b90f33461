/** @file Reading a plugin's manifest, and its settings from presets and choices. */
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../src/recipe/manifest.ts';
import { pluginSettings, readPluginFolder } from '../../src/sandbox/plugin-folder.ts';
import { makePlugin, manifest } from './make-plugin.ts';

const plugin = {
  manifest: parseManifest({ version: '1.0.0', license: 'MIT', sagitta: manifest }, 'package.json').manifest,
};

describe('a plugin folder', () => {
  it('gives manifest, version and licence without running anything', async () => {
    const found = await readPluginFolder(makePlugin({ 'define.ts': 'for (;;);' }));
    expect([found.manifest.id, found.version, found.license]).toEqual(['tiny', '1.2.3', 'MIT']);
  });

  it.each([
    ['no folder', '/nowhere/at/all', 'PLUGIN_FOLDER_MISSING'],
    ['broken JSON', makePlugin({}, '{'), 'PLUGIN_MANIFEST_UNREADABLE'],
    ['no manifest', makePlugin({}, { version: '1', license: 'MIT' }), 'MANIFEST_INVALID'],
    [
      'a newer interface',
      makePlugin({}, { version: '1', license: 'MIT', sagitta: { ...manifest, apiVersion: 99 } }),
      'MANIFEST_INVALID',
    ],
    [
      'a default preset that is not there',
      makePlugin({}, { version: '1', license: 'MIT', sagitta: { ...manifest, defaultPreset: 'x' } }),
      'MANIFEST_INVALID',
    ],
  ])('says what is wrong with %s', async (_what, folder, code) => {
    await expect(readPluginFolder(folder)).rejects.toMatchObject({ code });
  });
});

describe('settings', () => {
  it('come from defaults, then the default preset, then what was chosen', () => {
    expect(pluginSettings(plugin)).toEqual({ channels: 3 });
    expect(pluginSettings(plugin, { set: { channels: '7' } })).toEqual({ channels: 7 });
  });

  it('refuse presets that are not there, inherited names among them', () => {
    for (const preset of ['fast', 'constructor', '__proto__'])
      expect(() => pluginSettings(plugin, { preset })).toThrow(`There is no preset "${preset}".`);
  });

  it('refuse settings that are not there or out of range', () => {
    expect(() => pluginSettings(plugin, { set: { depth: 1 } })).toThrow('There is no setting "depth".');
    expect(() => pluginSettings(plugin, { set: { channels: 10 } })).toThrow('from 1 to 9');
  });
});
