/** @file Chooses the executor for a device name. */
import { UserError } from '../base/errors.ts';
import { builtDevices } from '../contract/jobs.ts';
import type { Executor } from '../engine/executor.ts';
import { makeCpuExecutor } from '../engine/executors/cpu/executor.ts';

/** `auto` takes the best device that this build can use: the CPU. Throws DEVICE_UNAVAILABLE. */
export function executorFor(device: string): Executor {
  if (builtDevices.includes(device)) return makeCpuExecutor();
  throw new UserError({
    code: 'DEVICE_UNAVAILABLE',
    what: `This build has no executor for the device "${device}".`,
    field: '--device',
    next: 'Use auto or cpu.',
  });
}
