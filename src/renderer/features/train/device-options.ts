/** @file The devices as choices of a form. */
import type { DeviceRow } from '../../../contract/jobs.ts';

export interface DeviceOption {
  readonly value: string;
  readonly label: string;
}

/** "Automatic" first, then what was measured; before that the processor, which is always there. A chosen one stays listed. */
export function deviceOptions(devices: readonly DeviceRow[] | null, chosen: string): DeviceOption[] {
  const known = (devices ?? []).map(({ id, kind, name }) => ({
    value: id,
    label: `${kind === 'gpu' ? 'Graphics' : 'Processor'}: ${name}`,
  }));
  const options = [
    { value: 'auto', label: 'Automatic (the fastest)' },
    ...(known.length > 0 ? known : [{ value: 'cpu', label: 'Processor' }]),
  ];
  return options.some(({ value }) => value === chosen)
    ? options
    : [...options, { value: chosen, label: chosen === 'reference' ? 'Reference (slow)' : chosen }];
}

/** What a job's device is called: the measured name, else the kind. */
export function deviceName(id: string, devices: readonly DeviceRow[] | null): string {
  const known = devices?.find((device) => device.id === id)?.name;
  if (known !== undefined) return known;
  if (id === 'auto') return 'fastest device';
  return id.startsWith('gpu') ? 'Graphics processor' : 'Processor';
}
