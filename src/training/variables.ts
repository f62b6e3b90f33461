/** @file Between a session's variables and a checkpoint's tensors. */
import type { Session } from '../engine/executor.ts';
import type { NamedTensor } from '../run/checkpoint.ts';

/** Copies of all variables. */
export async function readVariables(session: Session): Promise<Map<string, NamedTensor>> {
  const tensors = new Map<string, NamedTensor>();
  for (const [name, { shape }] of session.variables)
    tensors.set(name, { shape, values: await session.readVariable(name) });
  return tensors;
}
