/** @file Tests of the list of devices in the settings. */
import { expect, it } from 'vitest';
import { deviceOptions } from '../../../../src/renderer/features/shell/device-options.ts';

const row = (id: string, kind: 'cpu' | 'gpu', name: string) => ({
  id,
  kind,
  name,
  memoryBytes: 1,
  features: [],
  gflops: 1,
});

it('offers automatic and CPU before anything was measured', () => {
  expect(deviceOptions(null, 'auto')).toEqual([
    { value: 'auto', label: 'Automatic' },
    { value: 'cpu', label: 'CPU' },
  ]);
});

it('names what was measured, each once', () => {
  const devices = [row('cpu', 'cpu', 'Ryzen, 8 cores'), row('gpu:0', 'gpu', 'Radeon')];
  expect(deviceOptions(devices, 'gpu:0')).toEqual([
    { value: 'auto', label: 'Automatic' },
    { value: 'cpu', label: 'Ryzen, 8 cores' },
    { value: 'gpu:0', label: 'Radeon' },
  ]);
});

it('keeps a choice that is not there now, and says so once that is known', () => {
  expect(deviceOptions(null, 'gpu:1').at(-1)).toEqual({ value: 'gpu:1', label: 'gpu:1' });
  expect(deviceOptions([], 'gpu:1').at(-1)?.label).toBe('gpu:1 (not found on this machine)');
});
