/** @file What can keep the CPU executor from starting. */
import { UserError } from '../../../base/errors.ts';

export function nativeKernelsMissing(fields: { file: string }): UserError {
  return new UserError({
    code: 'NATIVE_KERNELS_MISSING',
    what: 'The native kernels of the CPU executor have not been compiled on this machine.',
    file: fields.file,
    next: 'Run "npm run setup" (a C++ compiler is needed).',
  });
}

export function instructionSetUnavailable(fields: { name: string; available: readonly string[] }): UserError {
  return new UserError({
    code: 'INSTRUCTION_SET_UNAVAILABLE',
    what: `This processor does not have the instruction set "${fields.name}".`,
    field: 'instructionSet',
    next: `Available here: ${fields.available.join(', ')}.`,
  });
}
