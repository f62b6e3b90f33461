/** @file The CPU executor: native kernels with the best instruction set of this processor, on all its cores. */
import { availableParallelism } from 'node:os';
import type { Executor } from '../../executor.ts';
import { instructionSetUnavailable } from './errors.ts';
import { loadNative } from './native.ts';
import { CpuSession } from './session.ts';

export interface CpuExecutorOptions {
  /** Default: all cores. Results do not depend on it. */
  readonly threads?: number;
  /** avx512, avx2, neon or baseline; default: SAGITTA_ISA, or the best that the processor has. Results differ in the last bits. */
  readonly instructionSet?: string;
  /** Keep times per kernel call. */
  readonly profile?: boolean;
}

export interface CpuExecutor extends Executor {
  open(): CpuSession;
}

/** Throws NATIVE_KERNELS_MISSING or INSTRUCTION_SET_UNAVAILABLE. */
export function makeCpuExecutor(options: CpuExecutorOptions = {}): CpuExecutor {
  const native = loadNative();
  const available = native.instructionSets();
  const instructionSet = options.instructionSet ?? process.env.SAGITTA_ISA ?? available[0]!;
  if (!available.includes(instructionSet))
    throw instructionSetUnavailable({ name: instructionSet, available });
  const threads = options.threads ?? availableParallelism();
  return {
    id: 'cpu',
    description: `cpu, ${instructionSet}, ${threads} threads`,
    open: () => new CpuSession(native, { threads, instructionSet, profile: options.profile ?? false }),
  };
}
