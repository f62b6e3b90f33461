/** @file The executors that every engine suite runs on. One that cannot run here stays in the list, with the reason. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Executor } from '../../src/engine/executor.ts';
import { makeReferenceExecutor } from '../../src/engine/executors/reference/executor.ts';

export interface ExecutorUnderTest {
  readonly id: Executor['id'];
  readonly make: () => Executor;
  /** Why it is skipped; undefined when it runs. */
  readonly skipped: string | undefined;
  /** For suite names: the id, with the reason if it is skipped. */
  readonly title: string;
}

function underTest(id: Executor['id'], make: () => Executor, skipped?: string): ExecutorUnderTest {
  return { id, make, skipped, title: skipped === undefined ? id : `${id} (skipped: ${skipped})` };
}

async function cpu(): Promise<ExecutorUnderTest> {
  const path = join(import.meta.dirname, '../../src/engine/executors/cpu/executor.ts');
  const absent = () => {
    throw new Error('this executor is not part of the source tree');
  };
  if (!existsSync(path)) return underTest('cpu', absent, 'not part of this source tree');
  const { makeCpuExecutor } = (await import(path)) as { makeCpuExecutor: () => Executor };
  const addon = missingAddon(makeCpuExecutor);
  return underTest('cpu', makeCpuExecutor, addon);
}

/** The native kernels are built from source; without them there is nothing to test. Any other failure is left to the tests. */
function missingAddon(make: () => Executor): string | undefined {
  try {
    make();
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('NATIVE_'))
      return error.message;
  }
  return undefined;
}

/** Use: `describe.each(executors)('… on $title', ({ make, skipped }) => { it.skipIf(skipped)(…) })`. */
export const executors: readonly ExecutorUnderTest[] = [
  underTest('reference', makeReferenceExecutor),
  await cpu(),
];
