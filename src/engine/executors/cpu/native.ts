/** @file Loads the native addon: the only place that knows where it lies. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { nativeKernelsMissing } from './errors.ts';

/** Opaque handle of a native session. */
export type NativeSession = { readonly __nativeSession: never };

/** The functions of native/addon.cpp. */
export interface NativeAddon {
  /** Those that this processor can run, best first. */
  instructionSets(): string[];
  /** An empty name takes the best. */
  openSession(threads: number, instructionSet: string): NativeSession;
  closeSession(session: NativeSession): void;
  createVariable(session: NativeSession, bytes: number): number;
  readVariable(session: NativeSession, id: number, into: Float32Array): void;
  writeVariable(session: NativeSession, id: number, from: Float32Array): void;
  createProgram(
    session: NativeSession,
    code: Float64Array,
    constants: Uint8Array,
    arenaBytes: number,
  ): number;
  /** Off the JS thread; one run of a session at a time. Adds seconds per call to `times` when given. */
  run(
    session: NativeSession,
    program: number,
    inputs: readonly ArrayBufferView[],
    outputs: readonly ArrayBufferView[],
    times: Float64Array | null,
  ): Promise<void>;
  sessionBytes(session: NativeSession): number;
}

const path = join(
  import.meta.dirname,
  `../../../../build/out/sagitta-native-${process.platform}-${process.arch}.node`,
);

let loaded: NativeAddon | undefined;

/** Throws NATIVE_KERNELS_MISSING when they have not been compiled on this machine. */
export function loadNative(): NativeAddon {
  if (loaded !== undefined) return loaded;
  if (!existsSync(path)) throw nativeKernelsMissing({ file: path });
  loaded = createRequire(import.meta.url)(path) as NativeAddon;
  return loaded;
}
