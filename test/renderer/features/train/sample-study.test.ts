/** @file The sample study is known by its subjects. */
import { describe, expect, it } from 'vitest';
import pkg from '../../../../plugins/vessel-mip/package.json' with { type: 'json' };
import { samplePhantoms, sampleTraining } from '../../../../src/contract/sample.ts';
import { presetSettings } from '../../../../src/contract/settings.ts';
import { manifestSchema } from '../../../../src/recipe/manifest.ts';
import { changedSettings, formFields } from '../../../../src/renderer/features/train/form-model.ts';
import { isSampleStudy } from '../../../../src/renderer/features/train/sample-study.ts';

const named = (...names: string[]) => ({ subjects: names.map((name) => ({ name, images: [] })) });

describe('the sample study', () => {
  it('has the subjects of the sample', () => {
    const names = Array.from({ length: samplePhantoms.count }, (_, index) => `sample-${index + 1}`);
    expect(isSampleStudy(named(...names))).toBe(true);
  });

  it.each([[[]], [['sample-1', 'anna']], [['sampled']]])('is not a project with %j', (names) => {
    expect(isSampleStudy(named(...names))).toBe(false);
  });

  it('has a first training that the plugin takes', () => {
    const manifest = manifestSchema.parse(pkg.sagitta);
    const { preset, settings } = sampleTraining;
    const fields = formFields(manifest, preset, settings);
    expect(fields.filter(({ error }) => error !== null)).toEqual([]);
    expect({ ...presetSettings(manifest, preset), ...changedSettings(fields) }).toMatchObject(settings);
  });
});
