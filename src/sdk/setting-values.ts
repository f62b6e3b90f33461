/** @file Typed reading of the resolved settings inside `define`: each kind of field has a function. */
import type { Settings } from '../recipe/settings.ts';
import { settingNotOffered } from './errors.ts';

const show = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));

/** A number or whole number. Throws SETTING_NOT_OFFERED. */
export function numberSetting(settings: Settings, name: string): number {
  const value = settings[name];
  if (typeof value !== 'number') throw settingNotOffered({ name, expected: 'a number', found: show(value) });
  return value;
}

export function booleanSetting(settings: Settings, name: string): boolean {
  const value = settings[name];
  if (typeof value !== 'boolean')
    throw settingNotOffered({ name, expected: 'true or false', found: show(value) });
  return value;
}

/**
 * One of `options`.
 *
 * @since 1
 * @example choiceSetting(settings, 'norm', normKinds)
 */
export function choiceSetting<T extends string>(settings: Settings, name: string, options: readonly T[]): T {
  const value = settings[name];
  const found = options.find((option) => option === value);
  if (found === undefined) {
    throw settingNotOffered({ name, expected: `one of ${options.join(', ')}`, found: show(value) });
  }
  return found;
}
