/**
 * @file Gives every buffer of a draft its place: results are written over operands that die, updates straight into their variable,
 * outputs into the caller's memory, and the rest shares an arena by lifetime.
 */
import { type BufferRequest, planMemory } from '../../program/memory-plan.ts';
import { copyCall, type KernelCall, type Place, type ProgramDraft } from './calls.ts';

export interface PlacedProgram {
  readonly calls: readonly KernelCall[];
  /** Offset of each buffer that lies in the arena. */
  readonly offsets: readonly number[];
  /** For each buffer, where it lies instead of the arena, if so. */
  readonly elsewhere: ReadonlyMap<number, Place>;
  readonly arenaBytes: number;
}

interface Life {
  /** Calls that write and read the buffer, ascending. */
  readonly writes: number[];
  readonly reads: number[];
}

export function placeBuffers(draft: ProgramDraft): PlacedProgram {
  const calls = [...draft.calls];
  const elsewhere = new Map<number, Place>();
  const lives = livesOf(draft);
  const variableReads = variableReadsOf(draft);

  draft.outputs.forEach(({ value, count }, index) => {
    const output: Place = { space: 'output', index };
    if (value.space === 'buffer' && !elsewhere.has(value.buffer)) elsewhere.set(value.buffer, output);
    else calls.push(copyCall(value, output, count));
  });
  // A variable that takes another's old value needs that value set aside before any variable changes.
  const buffers = [...draft.buffers];
  const late: KernelCall[] = [];
  for (const { variable, value, count } of draft.updates) {
    const target: Place = { space: 'variable', name: variable };
    if (
      value.space === 'buffer' &&
      !elsewhere.has(value.buffer) &&
      mayWriteInto(draft, value.buffer, lives[value.buffer]!, variableReads.get(variable))
    ) {
      elsewhere.set(value.buffer, target);
      continue;
    }
    let from = value;
    if (value.space !== 'buffer') {
      from = { space: 'buffer', buffer: buffers.push(count * 4) - 1 };
      calls.push(copyCall(value, from, count));
    }
    late.push(copyCall(from, target, count));
  }
  calls.push(...late);

  return { calls, elsewhere, ...planArena({ calls, buffers, elsewhere }) };
}

function livesOf(draft: ProgramDraft): Life[] {
  const lives = draft.buffers.map((): Life => ({ writes: [], reads: [] }));
  draft.calls.forEach(({ inputs, output }, index) => {
    for (const place of inputs) if (place.space === 'buffer') lives[place.buffer]!.reads.push(index);
    if (output.space === 'buffer') lives[output.buffer]!.writes.push(index);
  });
  return lives;
}

/** Calls that read each variable's old value; Infinity for a read at the end (an output, or another variable's update). */
function variableReadsOf(draft: ProgramDraft): Map<string, number[]> {
  const reads = new Map<string, number[]>();
  const add = (place: Place, index: number) => {
    if (place.space === 'variable') reads.set(place.name, [...(reads.get(place.name) ?? []), index]);
  };
  draft.calls.forEach((call, index) => {
    for (const place of call.inputs) add(place, index);
  });
  for (const { value } of [...draft.outputs, ...draft.updates]) add(value, Number.POSITIVE_INFINITY);
  return reads;
}

/** True when the buffer is written by one call, and nothing needs the variable's old value after that. */
function mayWriteInto(
  draft: ProgramDraft,
  buffer: number,
  life: Life,
  reads: readonly number[] = [],
): boolean {
  const [writer, ...others] = life.writes;
  if (writer === undefined || others.length > 0) return false;
  const call = draft.calls[writer]!;
  return (
    reads.every((index) => {
      if (index !== writer) return index < writer;
      return call.inputs.every((place, i) => place.space !== 'variable' || call.inPlace.includes(i));
    }) && (call.output as { buffer: number }).buffer === buffer
  );
}

function planArena(fields: {
  readonly calls: readonly KernelCall[];
  readonly buffers: readonly number[];
  readonly elsewhere: ReadonlyMap<number, Place>;
}): { offsets: number[]; arenaBytes: number } {
  const { calls, buffers, elsewhere } = fields;
  const first: number[] = buffers.map(() => Number.POSITIVE_INFINITY);
  const last: number[] = buffers.map(() => -1);
  calls.forEach(({ inputs, output }, index) => {
    for (const place of [...inputs, output]) {
      if (place.space !== 'buffer') continue;
      first[place.buffer] = Math.min(first[place.buffer]!, index);
      last[place.buffer] = index;
    }
  });
  const owner = shareInPlace({ calls, buffers, elsewhere, first, last });
  const requests: BufferRequest[] = buffers.map((bytes, buffer) => {
    const isOwn = owner[buffer] === buffer && last[buffer]! >= 0 && !elsewhere.has(buffer);
    return isOwn ? { bytes, first: first[buffer]!, last: last[buffer]! } : { bytes: 0, first: 0, last: -1 };
  });
  const plan = planMemory(requests);
  return { offsets: buffers.map((_, buffer) => plan.offsets[owner[buffer]!]!), arenaBytes: plan.totalBytes };
}

/** Joins a call's result with an operand that it may overwrite and that nobody reads later; `last` grows accordingly. */
function shareInPlace(fields: {
  readonly calls: readonly KernelCall[];
  readonly buffers: readonly number[];
  readonly elsewhere: ReadonlyMap<number, Place>;
  readonly first: readonly number[];
  readonly last: number[];
}): number[] {
  const { calls, buffers, elsewhere, first, last } = fields;
  const owner = buffers.map((_, buffer) => buffer);
  calls.forEach(({ inputs, output, inPlace }, index) => {
    if (output.space !== 'buffer' || elsewhere.has(output.buffer) || first[output.buffer] !== index) return;
    const dying = inPlace
      .map((i) => inputs[i]!)
      .find(
        (place) =>
          place.space === 'buffer' &&
          !elsewhere.has(place.buffer) &&
          last[owner[place.buffer]!] === index &&
          buffers[place.buffer] === buffers[output.buffer] &&
          inputs.filter((other) => other.space === 'buffer' && owner[other.buffer] === owner[place.buffer])
            .length ===
            inPlace.filter((i) => {
              const other = inputs[i]!;
              return other.space === 'buffer' && owner[other.buffer] === owner[place.buffer];
            }).length,
      );
    if (dying?.space !== 'buffer') return;
    const shared = owner[dying.buffer]!;
    owner[output.buffer] = shared;
    last[shared] = Math.max(last[shared]!, last[output.buffer]!);
  });
  return owner;
}
