/** @file Settings of a plugin as forms use them: filled in and judged by the host's own rules, so that both say the same words. */
import { type ErrorReport, errorReport } from '../base/errors.ts';
import {
  resolveSettings,
  type SettingField,
  type SettingsSchema,
  type SettingValue,
} from '../recipe/settings.ts';

export type { SettingField, SettingsSchema, SettingValue };

/** A value as the host would take it, or the host's own words for why not (SETTING_INVALID). Texts are read as numbers where the field is one. */
export type JudgedSetting =
  | { readonly value: SettingValue; readonly error: null }
  | { readonly value: null; readonly error: ErrorReport };

export function judgeSetting(name: string, field: SettingField, value: SettingValue): JudgedSetting {
  try {
    return { value: resolveSettings({ [name]: field }, { [name]: value })[name]!, error: null };
  } catch (thrown) {
    return { value: null, error: errorReport(thrown) };
  }
}

/** Every setting with its value in a preset: defaults, then what the preset sets. */
export function presetSettings(
  manifest: {
    readonly settings: SettingsSchema;
    readonly presets: Readonly<Record<string, { readonly settings: Readonly<Record<string, SettingValue>> }>>;
  },
  preset: string,
): Readonly<Record<string, SettingValue>> {
  return resolveSettings(manifest.settings, manifest.presets[preset]?.settings ?? {});
}
