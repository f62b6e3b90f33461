import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { instructionIds, kernelIds } from '../../../../src/engine/executors/cpu/kernel-ids.ts';

const native = join(import.meta.dirname, '../../../../native');

/** The names of an `enum class` in a C++ file, in order. */
function enumNames(file: string, name: string): string[] {
  const source = readFileSync(join(native, file), 'utf8');
  const body = source.match(new RegExp(`enum class ${name} : int \\{([^}]*)\\}`))?.[1] ?? '';
  return body.split(',').map((entry) => entry.trim());
}

describe('the numbers that TypeScript and C++ share', () => {
  it('are the same for kernels', () => {
    expect(enumNames('call.h', 'Kernel')).toEqual([...kernelIds, 'count']);
  });

  it('are the same for elementwise instructions', () => {
    expect(enumNames('elementwise.cpp', 'Instruction')).toEqual([...instructionIds]);
  });
});
