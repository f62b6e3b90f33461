/** @file The executors that every engine suite runs on. One that cannot run here stays in the list, with the reason. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../src/base/errors.ts';
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
    throw new Error('the cpu executor is not part of this source tree');
  };
  if (!existsSync(path)) return underTest('cpu', absent, 'not part of this source tree');
  const { makeCpuExecutor } = (await import(path)) as { makeCpuExecutor: () => Executor };
  return underTest('cpu', makeCpuExecutor, whyItCannotOpen(makeCpuExecutor));
}

/** What the person would have to do first, such as building the kernels. Faults of ours are left to the tests. */
function whyItCannotOpen(make: () => Executor): string | undefined {
  try {
    make().open().close();
  } catch (error) {
    if (error instanceof UserError) return error.what;
  }
  return undefined;
}

/** Use: `describe.each(executors)('… on $title', ({ make, skipped }) => { it.skipIf(skipped)(…) })`. */
export const executors: readonly ExecutorUnderTest[] = [
  underTest('reference', makeReferenceExecutor),
  await cpu(),
];
