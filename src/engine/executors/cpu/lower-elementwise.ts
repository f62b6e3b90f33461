/** @file Encodes a fused elementwise program for the native interpreter: how operands are read, and registers given out by lifetime. */
import { invariant } from '../../../base/errors.ts';
import type { ElementwiseInstruction } from '../../graph/ops.ts';
import { instructionIds } from './kernel-ids.ts';
import { collapse, maxRank } from './strides.ts';

/** Elements to step along each axis of the result, slowest first; 0 where the operand is the same for all. */
export type ElementwiseOperand = readonly number[];

export interface EncodedElementwise {
  readonly ints: number[];
  readonly numbers: number[];
  /** Operands that are read exactly as the result is written. */
  readonly contiguous: number[];
}

const access = { contiguous: 0, scalar: 1, strided: 2 } as const;

export function encodeElementwise(fields: {
  readonly dims: readonly number[];
  readonly operands: readonly ElementwiseOperand[];
  readonly program: readonly ElementwiseInstruction[];
}): EncodedElementwise {
  const { program } = fields;
  const own = contiguousStrides(fields.dims);
  const nest = collapse({ dims: fields.dims, strides: [own, ...fields.operands] });
  invariant(nest.dims.length <= maxRank, `an elementwise program walks at most ${maxRank} axes`);
  const [result, ...operands] = nest.strides;
  const kinds = operands.map((strides) => {
    if (strides.join() === result!.join()) return access.contiguous;
    return strides.every((stride) => stride === 0) ? access.scalar : access.strided;
  });
  const { steps, registers } = allocateRegisters(program, operands.length);
  const count = fields.dims.reduce((product, size) => product * size, 1);
  return {
    ints: [
      count,
      nest.dims.length,
      ...nest.dims,
      ...operands.flatMap((strides, i) => [kinds[i]!, ...strides]),
      steps.length,
      ...steps.flat(),
      registers,
    ],
    numbers: program.flatMap(({ numbers }) => [numbers[0] ?? 0, numbers[1] ?? 0]),
    contiguous: kinds.flatMap((kind, i) => (kind === access.contiguous ? [i] : [])),
  };
}

function contiguousStrides(dims: readonly number[]): number[] {
  const strides: number[] = [];
  let stride = 1;
  for (const size of [...dims].reverse()) {
    strides.unshift(stride);
    stride *= size;
  }
  return strides;
}

/**
 * Steps [instruction, operand, operand, operand, register of the result]; the last step's result is the output (−1).
 * A register is free again after its last reader. Constants keep theirs, because they are filled in once per task.
 */
function allocateRegisters(
  program: readonly ElementwiseInstruction[],
  inputCount: number,
): { steps: number[][]; registers: number } {
  const lastUse = program.map((_, i) => i);
  program.forEach(({ operands }, i) => {
    for (const operand of operands) if (operand >= inputCount) lastUse[operand - inputCount] = i;
  });
  const free: number[] = [];
  const register: number[] = [];
  let registers = 0;
  const steps = program.map(({ op, operands }, i) => {
    const encoded = operands.map((operand) =>
      operand < inputCount ? operand : inputCount + register[operand - inputCount]!,
    );
    const isLast = i === program.length - 1;
    // The result may take a register whose last reader is this very step: steps work element by element.
    program.slice(0, i).forEach((earlier, j) => {
      if (lastUse[j] === i && earlier.op !== 'constant') free.push(register[j]!);
    });
    const fresh = op === 'constant' || free.length === 0;
    register[i] = isLast ? -1 : fresh ? registers++ : free.pop()!;
    return [instructionIds.indexOf(op), encoded[0] ?? 0, encoded[1] ?? 0, encoded[2] ?? 0, register[i]!];
  });
  return { steps, registers };
}
