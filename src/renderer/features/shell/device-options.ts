/** @file The devices that a person can choose from, as options of a list. */
import type { DeviceRow } from '../../../contract/jobs.ts';

/**
 * Automatic and CPU are always there; what was measured is named, and a choice of before that is not there now stays in the list
 * and says so. `devices` is null until measured.
 */
export function deviceOptions(
  devices: readonly DeviceRow[] | null,
  chosen: string,
): { value: string; label: string }[] {
  const known = [
    { value: 'auto', label: 'Automatic' },
    { value: 'cpu', label: devices?.find(({ id }) => id === 'cpu')?.name ?? 'CPU' },
    ...(devices ?? [])
      .filter(({ id }) => id !== 'cpu' && id !== 'auto')
      .map(({ id, name }) => ({ value: id, label: name })),
  ];
  if (known.some(({ value }) => value === chosen)) return known;
  const label = devices === null ? chosen : `${chosen} (not found on this machine)`;
  return [...known, { value: chosen, label }];
}
