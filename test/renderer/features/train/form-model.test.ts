/** @file The form of a plugin's settings. */
import { describe, expect, it } from 'vitest';
import { manifestSchema } from '../../../../src/recipe/manifest.ts';
import { resolveSettings } from '../../../../src/recipe/settings.ts';
import {
  changedSettings,
  editsOf,
  fieldMatches,
  formFields,
  limitsText,
  readSeed,
  settingText,
} from '../../../../src/renderer/features/train/form-model.ts';

const manifest = manifestSchema.parse({
  id: 'made-up',
  name: 'Made up',
  summary: 'For tests.',
  task: 'segmentation',
  apiVersion: 1,
  needs: 'Nothing.',
  citation: [],
  entry: 'define.ts',
  settings: {
    epochs: { kind: 'integer', label: 'Epochs', help: 'Rounds.', default: 50, min: 1, max: 100 },
    rate: { kind: 'number', label: 'Learning rate', help: 'Pace.', default: 0.01, min: 0, max: 1 },
    patch: { kind: 'integer', label: 'Patch', help: 'Edge.', default: 48, min: 8, max: 256, unit: 'voxels' },
    flips: { kind: 'boolean', label: 'Flips', help: 'Mirrors.', default: true, advanced: true },
    net: {
      kind: 'choice',
      label: 'Network',
      help: 'Its shape.',
      default: 'unet',
      options: [
        { value: 'unet', label: 'U-Net' },
        { value: 'attention', label: 'Attention U-Net' },
      ],
    },
  },
  presets: {
    quick: { label: 'Quick', help: 'Soon done.', settings: { epochs: 5 } },
    long: { label: 'Long', help: 'Later done.', settings: { epochs: 80, net: 'attention' } },
  },
  defaultPreset: 'quick',
});

const fieldOf = (name: string, edits = {}, preset = 'quick') =>
  formFields(manifest, preset, edits).find((field) => field.name === name)!;

describe('a field', () => {
  it('shows the preset, else the default', () => {
    expect(fieldOf('epochs')).toMatchObject({ shown: 5, preset: 5, isChanged: false, error: null });
    expect(fieldOf('rate').shown).toBe(0.01);
  });

  it('is changed by what differs from the preset, not by being typed', () => {
    expect(fieldOf('epochs', { epochs: '5' })).toMatchObject({ shown: '5', value: 5, isChanged: false });
    expect(fieldOf('epochs', { epochs: '50' })).toMatchObject({ value: 50, isChanged: true });
  });

  it('is no longer changed when another preset says the same', () => {
    expect(fieldOf('epochs', { epochs: 80 }, 'quick').isChanged).toBe(true);
    expect(fieldOf('epochs', { epochs: 80 }, 'long').isChanged).toBe(false);
  });

  it.each([['x'], [''], ['2.5'], ['101']])('refuses %j with the words of the host', (text) => {
    const { error, value } = fieldOf('epochs', { epochs: text });
    let hostsWords = '';
    try {
      resolveSettings(manifest.settings, { epochs: text });
    } catch (thrown) {
      hostsWords = (thrown as Error).message;
    }
    expect(value).toBeNull();
    expect(error).toMatchObject({ code: 'SETTING_INVALID', field: 'epochs', message: hostsWords });
    expect(hostsWords).toContain('a whole number from 1 to 100');
  });
});

describe('what is sent', () => {
  it('is only what differs, read as numbers', () => {
    const fields = formFields(manifest, 'quick', { epochs: '7', rate: '1e-3', flips: true, net: 'unet' });
    expect(changedSettings(fields)).toEqual({ epochs: 7, rate: 0.001 });
  });

  it('leaves out what cannot be taken', () => {
    expect(changedSettings(formFields(manifest, 'quick', { epochs: 'many', flips: false }))).toEqual({
      flips: false,
    });
  });
});

describe("a run's settings in the form", () => {
  it('give the same settings back', () => {
    const settings = { epochs: 9, rate: 0.01, patch: 32, flips: false, net: 'attention' };
    const edits = editsOf(manifest, 'quick', settings);
    const shown = Object.fromEntries(
      formFields(manifest, 'quick', edits).map(({ name, value }) => [name, value]),
    );
    expect(shown).toEqual(settings);
    expect(edits).not.toHaveProperty('rate');
  });

  it('leave out settings that the plugin no longer has', () => {
    expect(editsOf(manifest, 'quick', { gone: 3, epochs: 6 })).toEqual({ epochs: 6 });
  });
});

describe('the search', () => {
  it.each([
    ['learning', 'rate', true],
    ['RATE learn', 'rate', true],
    ['attention', 'net', true],
    ['mirrors', 'flips', true],
    ['learning', 'epochs', false],
    ['learning patch', 'rate', false],
  ])('%j finds %s: %s', (query, name, isFound) => {
    expect(fieldMatches(fieldOf(name), query)).toBe(isFound);
  });
});

describe('words', () => {
  it('say a value as the form does', () => {
    const { net, patch, flips } = manifest.settings;
    expect(settingText(net, 'attention')).toBe('Attention U-Net');
    expect(settingText(patch, 32)).toBe('32 voxels');
    expect(settingText(flips, false)).toBe('off');
    expect(settingText(undefined, 7)).toBe('7');
    expect(settingText(net, undefined)).toBe('–');
  });

  it('say limits of numbers only', () => {
    expect(limitsText(manifest.settings.patch!)).toBe('8–256 voxels');
    expect(limitsText(manifest.settings.net!)).toBeUndefined();
  });
});

describe('a seed', () => {
  it.each([
    ['0', 0],
    [' 42 ', 42],
    ['4294967295', 4294967295],
    ['4294967296', null],
    ['-1', null],
    ['1.5', null],
    ['', null],
    ['abc', null],
  ])('%j is %j', (text, seed) => expect(readSeed(text)).toBe(seed));
});
