/** @file Writes placed calls as the array of numbers that native/session.cpp reads. */
import type { KernelCall, Place } from './calls.ts';
import { kernelIds } from './kernel-ids.ts';
import type { PlacedProgram } from './place.ts';

const spaces = { arena: 0, variable: 1, input: 2, output: 3, constant: 4 } as const;

/** Per call: kernel, references (space, place), whole numbers, real numbers, each list after its length. */
export function encodeProgram(program: PlacedProgram, variableId: (name: string) => number): Float64Array {
  const reference = (place: Place): [number, number] => {
    switch (place.space) {
      case 'buffer': {
        const moved = program.elsewhere.get(place.buffer);
        return moved === undefined ? [spaces.arena, program.offsets[place.buffer]!] : reference(moved);
      }
      case 'variable':
        return [spaces.variable, variableId(place.name)];
      case 'input':
        return [spaces.input, place.index];
      case 'output':
        return [spaces.output, place.index];
      case 'constant':
        return [spaces.constant, place.offset];
    }
  };
  const encodeCall = ({ kernel, inputs, output, ints, numbers }: KernelCall): number[] => {
    const references = [...inputs, output].map(reference);
    return [
      kernelIds.indexOf(kernel),
      references.length,
      ...references.flat(),
      ints.length,
      ...ints,
      numbers.length,
      ...numbers,
    ];
  };
  return Float64Array.from(program.calls.flatMap(encodeCall));
}
