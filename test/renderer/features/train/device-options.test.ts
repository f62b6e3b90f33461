/** @file Devices as choices. */
import { describe, expect, it } from 'vitest';
import { deviceName, deviceOptions } from '../../../../src/renderer/features/train/device-options.ts';

const cpu = { id: 'cpu', kind: 'cpu', name: 'Eight cores', memoryBytes: 1, features: [], gflops: 1 } as const;

describe('devices to choose from', () => {
  it('are the processor before anything was measured', () => {
    expect(deviceOptions(null, 'auto').map(({ value }) => value)).toEqual(['auto', 'cpu']);
  });

  it('are those that were measured', () => {
    expect(deviceOptions([cpu], 'auto')[1]).toEqual({ value: 'cpu', label: 'Processor: Eight cores' });
  });

  it('keep one that was chosen and is not there now', () => {
    expect(deviceOptions([cpu], 'gpu:1').map(({ value }) => value)).toContain('gpu:1');
  });
});

describe('the name of a device', () => {
  it('is the measured one, else its kind', () => {
    expect(deviceName('cpu', [cpu])).toBe('Eight cores');
    expect(deviceName('gpu:0', null)).toBe('Graphics processor');
    expect(deviceName('cpu', null)).toBe('Processor');
  });
});
