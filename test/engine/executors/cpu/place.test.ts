import { describe, expect, it } from 'vitest';
import type { KernelCall, Place, ProgramDraft } from '../../../../src/engine/executors/cpu/calls.ts';
import { placeBuffers } from '../../../../src/engine/executors/cpu/place.ts';

const buffer = (number: number): Place => ({ space: 'buffer', buffer: number });
const variable = (name: string): Place => ({ space: 'variable', name });
const input: Place = { space: 'input', index: 0 };
const output: Place = { space: 'output', index: 0 };

/** An elementwise call; `inPlace` lists the inputs it may overwrite. */
function call(inputs: readonly Place[], result: number, inPlace: readonly number[] = []): KernelCall {
  return { kernel: 'elementwise', inputs, output: buffer(result), ints: [], numbers: [], inPlace };
}

function draft(fields: {
  calls?: readonly KernelCall[];
  updates?: Record<string, Place>;
  outputs?: readonly Place[];
}): ProgramDraft {
  const { calls = [], updates = {}, outputs = [] } = fields;
  return {
    calls,
    buffers: calls.map(() => 256),
    updates: Object.entries(updates).map(([name, value]) => ({ variable: name, value, count: 64 })),
    outputs: outputs.map((value) => ({ value, count: 64 })),
    constants: new Uint8Array(),
  };
}

/** Copies that placing added, as [from, to]. */
function copies(placed: ReturnType<typeof placeBuffers>): [Place, Place][] {
  return placed.calls
    .filter(({ kernel }) => kernel === 'copyStrided')
    .map(({ inputs, output: to }) => [inputs[0]!, to]);
}

describe('placing results', () => {
  it('writes an output straight into the memory of the caller', () => {
    const placed = placeBuffers(draft({ calls: [call([input], 0)], outputs: [buffer(0)] }));
    expect(placed.elsewhere.get(0)).toEqual(output);
    expect(placed.arenaBytes).toBe(0);
    expect(copies(placed)).toEqual([]);
  });

  it('copies a result that is two outputs', () => {
    const placed = placeBuffers(draft({ calls: [call([input], 0)], outputs: [buffer(0), buffer(0)] }));
    expect(copies(placed)).toEqual([[buffer(0), { space: 'output', index: 1 }]]);
  });

  it('writes over an operand that nobody reads later', () => {
    const calls = [call([input], 0), call([buffer(0)], 1, [0]), call([buffer(1)], 2)];
    const { offsets } = placeBuffers(draft({ calls, outputs: [buffer(2)] }));
    expect(offsets[1]).toBe(offsets[0]);
  });

  it('leaves an operand alone that is read later, or that the call reads in another order too', () => {
    const later = [call([input], 0), call([buffer(0)], 1, [0]), call([buffer(0), buffer(1)], 2)];
    const twice = [call([input], 0), call([buffer(0), buffer(0)], 1, [0]), call([buffer(1)], 2)];
    for (const calls of [later, twice]) {
      const { offsets } = placeBuffers(draft({ calls, outputs: [buffer(2)] }));
      expect(offsets[1]).not.toBe(offsets[0]);
    }
  });
});

describe('placing updates of variables', () => {
  it('writes the new value straight into the variable once its old value is spent', () => {
    const placed = placeBuffers(
      draft({ calls: [call([variable('a'), input], 0, [0, 1])], updates: { a: buffer(0) } }),
    );
    expect(placed.elsewhere.get(0)).toEqual(variable('a'));
    expect(copies(placed)).toEqual([]);
  });

  it('holds the new value back while the old one is read later, by a call or as an output', () => {
    const write = call([variable('a')], 0, [0]);
    const readers = [
      draft({ calls: [write, call([variable('a')], 1)], updates: { a: buffer(0) }, outputs: [buffer(1)] }),
      draft({ calls: [write], updates: { a: buffer(0) }, outputs: [variable('a')] }),
    ];
    for (const reader of readers) {
      const placed = placeBuffers(reader);
      expect(placed.elsewhere.has(0)).toBe(false);
      expect(placed.calls.at(-1)!.output).toEqual(variable('a'));
    }
  });

  it('holds the new value back when the call reads the old one in another order', () => {
    const placed = placeBuffers(draft({ calls: [call([variable('a')], 0)], updates: { a: buffer(0) } }));
    expect(placed.elsewhere.has(0)).toBe(false);
    expect(copies(placed)).toEqual([[buffer(0), variable('a')]]);
  });

  it('sets both old values aside before two variables swap', () => {
    const moved = copies(placeBuffers(draft({ updates: { a: variable('b'), b: variable('a') } })));
    const [firstAside, secondAside, ...last] = moved;
    expect(firstAside).toEqual([variable('b'), buffer(0)]);
    expect(secondAside).toEqual([variable('a'), buffer(1)]);
    expect(last).toEqual([
      [buffer(0), variable('a')],
      [buffer(1), variable('b')],
    ]);
  });

  it('gives an output the old value of a variable that changes', () => {
    const placed = placeBuffers(
      draft({ calls: [call([input], 0)], updates: { a: buffer(0) }, outputs: [variable('a')] }),
    );
    expect(copies(placed)).toEqual([
      [variable('a'), output],
      [buffer(0), variable('a')],
    ]);
  });
});
