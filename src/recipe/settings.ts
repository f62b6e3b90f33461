/** @file Settings of a plugin: one schema from which the form, the `--set` flags, the validation and the guide page are made. */
import { z } from 'zod';
import { settingInvalid, settingUnknown } from './errors.ts';

const shared = {
  /** What the form calls it, e.g. "Learning rate". */
  label: z.string().min(1),
  /** One sentence that helps to choose a value. */
  help: z.string().min(1),
  /** Behind the "advanced" fold. */
  advanced: z.boolean().default(false),
};

export const settingFieldSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('number'),
    ...shared,
    default: z.number(),
    min: z.number(),
    max: z.number(),
    unit: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('integer'),
    ...shared,
    default: z.int(),
    min: z.int(),
    max: z.int(),
    unit: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('boolean'), ...shared, default: z.boolean() }),
  z.strictObject({
    kind: z.literal('choice'),
    ...shared,
    default: z.string(),
    options: z
      .array(z.strictObject({ value: z.string(), label: z.string(), help: z.string().optional() }))
      .min(1),
  }),
]);

export const settingsSchema = z.record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), settingFieldSchema);

export type SettingField = z.infer<typeof settingFieldSchema>;
export type SettingsSchema = z.infer<typeof settingsSchema>;
export type SettingValue = number | boolean | string;
export type Settings = Readonly<Record<string, SettingValue>>;

/**
 * All settings with a value each: defaults, then the preset, then what the person chose.
 * Texts from a command line are read as numbers and booleans where the field is one.
 * Throws SETTING_UNKNOWN or SETTING_INVALID, naming the field.
 */
export function resolveSettings(
  schema: SettingsSchema,
  ...layers: readonly Readonly<Record<string, SettingValue>>[]
): Settings {
  const resolved: Record<string, SettingValue> = {};
  for (const [name, field] of Object.entries(schema)) resolved[name] = field.default;
  for (const [name, value] of layers.flatMap((layer) => Object.entries(layer))) {
    const field = Object.hasOwn(schema, name) ? schema[name] : undefined;
    if (field === undefined) throw settingUnknown({ name, known: Object.keys(schema) });
    resolved[name] = parseSetting(name, field, value);
  }
  return resolved;
}

function parseSetting(name: string, field: SettingField, value: SettingValue): SettingValue {
  switch (field.kind) {
    case 'number':
    case 'integer': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      const fits =
        typeof number === 'number' && Number.isFinite(number) && number >= field.min && number <= field.max;
      if (!fits || (field.kind === 'integer' && !Number.isInteger(number))) {
        const expected = `${field.kind === 'integer' ? 'a whole number' : 'a number'} from ${field.min} to ${field.max}`;
        throw settingInvalid({ name, expected, found: String(value) });
      }
      return number;
    }
    case 'boolean': {
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw settingInvalid({ name, expected: 'true or false', found: String(value) });
    }
    case 'choice': {
      const values = field.options.map((option) => option.value);
      if (typeof value !== 'string' || !values.includes(value)) {
        throw settingInvalid({ name, expected: `one of ${values.join(', ')}`, found: String(value) });
      }
      return value;
    }
  }
}
