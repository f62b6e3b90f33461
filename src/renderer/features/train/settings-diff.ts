/** @file What sets runs apart: the settings in which they differ. */
import type { SettingValue } from '../../../contract/settings.ts';

export interface SettingRow {
  readonly name: string;
  /** One a run, in their order; undefined where the run's plugin has no such setting. */
  readonly values: readonly (SettingValue | undefined)[];
}

type WithSettings = { readonly settings: Readonly<Record<string, SettingValue>> };

/** All settings of the runs, in the order in which they first appear. */
export function settingRows(runs: readonly WithSettings[]): SettingRow[] {
  const names = new Set(runs.flatMap(({ settings }) => Object.keys(settings)));
  return [...names].map((name) => ({ name, values: runs.map(({ settings }) => settings[name]) }));
}

/** Only those that are not the same in all. */
export function differingRows(runs: readonly WithSettings[]): SettingRow[] {
  return settingRows(runs).filter(({ values }) => values.some((value) => value !== values[0]));
}
