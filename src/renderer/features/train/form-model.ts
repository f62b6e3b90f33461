/** @file The form of a plugin's settings as plain data: value, whether it differs from the preset, what is wrong with it. */
import type { ErrorReport } from '../../../base/errors.ts';
import type { Plugin } from '../../../contract/plugins.ts';
import {
  judgeSetting,
  presetSettings,
  type SettingField,
  type SettingValue,
} from '../../../contract/settings.ts';

export type Manifest = Plugin['manifest'];
/** What the person has put in, as put in: texts of number fields stay texts. */
export type Edits = Readonly<Record<string, SettingValue>>;

export interface FormField {
  readonly name: string;
  readonly field: SettingField;
  /** What the control shows. */
  readonly shown: SettingValue;
  /** What the preset says. */
  readonly preset: SettingValue;
  /** As the host would take it; null when it would not. */
  readonly value: SettingValue | null;
  readonly error: ErrorReport | null;
  readonly isChanged: boolean;
}

/** All fields in the manifest's order. */
export function formFields(manifest: Manifest, preset: string, edits: Edits): FormField[] {
  const base = presetSettings(manifest, preset);
  return Object.entries(manifest.settings).map(([name, field]) => {
    const shown = edits[name] ?? base[name]!;
    const judged = judgeSetting(name, field, shown);
    return {
      name,
      field,
      shown,
      preset: base[name]!,
      value: judged.value,
      error: judged.error,
      isChanged: judged.value !== base[name],
    };
  });
}

/** What is sent: only what differs from the preset and can be taken. */
export function changedSettings(fields: readonly FormField[]): Record<string, SettingValue> {
  return Object.fromEntries(
    fields.flatMap(({ name, value, isChanged }) => (isChanged && value !== null ? [[name, value]] : [])),
  );
}

/** The edits that show a run's settings in the form: those that differ from the preset, and that the plugin still has. */
export function editsOf(manifest: Manifest, preset: string, settings: Edits): Edits {
  const base = presetSettings(manifest, preset);
  return Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => Object.hasOwn(base, name) && base[name] !== value),
  );
}

/** Whether every word of the query is in the field's label, help, name or choices. */
export function fieldMatches({ name, field }: Pick<FormField, 'name' | 'field'>, query: string): boolean {
  const options = field.kind === 'choice' ? field.options.map(({ label }) => label) : [];
  const text = [name, field.label, field.help, ...options].join(' ').toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** A value as the form says it: the label of a choice, on or off, a number as it is. */
export function settingText(field: SettingField | undefined, value: SettingValue | undefined): string {
  if (value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (field?.kind === 'choice')
    return field.options.find((option) => option.value === value)?.label ?? String(value);
  const unit = field !== undefined && 'unit' in field && field.unit !== undefined ? ` ${field.unit}` : '';
  return `${value}${unit}`;
}

/** "8–256 voxels", beside the name of a number field. */
export function limitsText(field: SettingField): string | undefined {
  if (field.kind !== 'number' && field.kind !== 'integer') return undefined;
  return `${field.min}–${field.max}${field.unit === undefined ? '' : ` ${field.unit}`}`;
}

/** Reads a seed: a whole number from 0 to 2³² − 1. */
export function readSeed(text: string): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isInteger(value) && value >= 0 && value <= 0xffffffff ? value : null;
}
