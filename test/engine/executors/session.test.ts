import { describe, expect, it } from 'vitest';
import { BugError } from '../../../src/base/errors.ts';
import { GraphBuilder } from '../../../src/engine/graph/builder.ts';
import { add, conv, gather, mul, relu, sum } from '../../../src/engine/graph/functions.ts';
import type { Graph } from '../../../src/engine/graph/graph.ts';
import { initialValues } from '../../../src/engine/program/initialise.ts';
import { executors } from '../../helpers/executors.ts';

const zero = { kind: 'constant', value: 0 } as const;
const normal = { kind: 'normal', mean: 1, deviation: 2 } as const;

/** a ← b + x and b ← a + 1, starting at a = 0, b = 0; returns a. */
function swap(): Graph {
  const builder = new GraphBuilder();
  const a = builder.variable({ name: 'a', initial: zero, trainable: true }, [2]);
  const b = builder.variable({ name: 'b', initial: zero, trainable: false }, [2]);
  builder.update('a', add(b, builder.input('x', [2])));
  builder.update('b', add(a, 1));
  builder.output('a', a);
  return builder.build();
}

function reader(
  name: string,
  shape: readonly number[],
  initial: typeof normal | typeof zero = normal,
): Graph {
  const builder = new GraphBuilder();
  builder.output('value', mul(builder.variable({ name, initial, trainable: true }, shape), 1));
  return builder.build();
}

describe.each(executors)('a session on $title', ({ make, skipped }) => {
  it.skipIf(skipped)('applies all updates to the old values, after the outputs', async () => {
    const session = make().open();
    const program = session.compile(swap(), { seed: 1 });
    const x = new Float32Array([10, 20]);
    expect([...(await program.run({ x })).a!]).toEqual([0, 0]);
    expect([...(await session.readVariable('a')), ...(await session.readVariable('b'))]).toEqual([
      10, 20, 1, 1,
    ]);
    expect([...(await program.run({ x })).a!]).toEqual([10, 20]);
    expect([...(await session.readVariable('a')), ...(await session.readVariable('b'))]).toEqual([
      11, 21, 11, 21,
    ]);
    session.close();
  });

  it.skipIf(skipped)('starts variables from the seed and their names alone', async () => {
    const values = async (seed: number, names: readonly string[]) => {
      const session = make().open();
      for (const name of names) session.compile(reader(name, [5]), { seed });
      const result = await session.readVariable('w');
      session.close();
      return [...result];
    };
    const expected = [...initialValues({ name: 'w', shape: [5], initial: normal }, 7)];
    expect(await values(7, ['w'])).toEqual(expected);
    expect(await values(7, ['v', 'w'])).toEqual(expected);
    expect(await values(8, ['w'])).not.toEqual(expected);
  });

  it.skipIf(skipped)('shares variables among its programs and keeps them on a second compile', async () => {
    const session = make().open();
    const program = session.compile(swap(), { seed: 1 });
    await session.writeVariable('a', new Float32Array([3, 4]));
    const other = session.compile(reader('a', [2]), { seed: 2 });
    expect([...(await other.run({})).value!]).toEqual([3, 4]);
    await program.run({ x: new Float32Array([1, 1]) });
    expect([...(await other.run({})).value!]).toEqual([1, 1]);
    session.close();
  });

  it.skipIf(skipped)('tells what its programs take and give, and which variables it holds', () => {
    const session = make().open();
    const program = session.compile(swap(), { seed: 1 });
    expect([...program.inputs]).toEqual([['x', { shape: [2], dtype: 'f32' }]]);
    expect([...program.outputs]).toEqual([['a', { shape: [2], dtype: 'f32' }]]);
    expect([...session.variables].map(([name, { shape, trainable }]) => [name, shape, trainable])).toEqual([
      ['a', [2], true],
      ['b', [2], false],
    ]);
    session.close();
  });

  it.skipIf(skipped)('hands out copies, and takes copies', async () => {
    const session = make().open();
    const program = session.compile(reader('w', [2], zero), { seed: 1 });
    const given = new Float32Array([1, 2]);
    await session.writeVariable('w', given);
    given.fill(9);
    (await session.readVariable('w')).fill(9);
    (await program.run({})).value!.fill(9);
    expect([...(await session.readVariable('w'))]).toEqual([1, 2]);
    session.close();
  });

  it.skipIf(skipped)('refuses a variable that it does not know', async () => {
    const session = make().open();
    await expect(session.readVariable('nothing')).rejects.toThrow(BugError);
    session.close();
  });

  it.skipIf(skipped)('gives the same bits for the same inputs', async () => {
    const builder = new GraphBuilder();
    const image = builder.input('image', [2, 3, 9, 7]);
    const weight = builder.variable({ name: 'w', initial: normal, trainable: true }, [5, 3, 3, 3]);
    const y = relu(conv(image, weight, { padding: 1 }));
    builder.output('y', y);
    builder.output('total', sum(y));
    const values = initialValues({ name: 'image', shape: [2, 3, 9, 7], initial: normal }, 3);
    const runs = await Promise.all(
      [0, 1].map(async () => {
        const session = make().open();
        const program = session.compile(builder.build(), { seed: 5 });
        const outputs = await program.run({ image: values });
        session.close();
        return outputs;
      }),
    );
    expect(runs[0]).toEqual(runs[1]);
  });

  it.skipIf(skipped)('passes whole numbers through as whole numbers', async () => {
    const builder = new GraphBuilder();
    const indices = builder.input('indices', [3], 'i32');
    builder.output('taken', gather(builder.constant([10, 20, 30], [3]), indices, 0));
    builder.output('indices', indices);
    const session = make().open();
    const outputs = await session
      .compile(builder.build(), { seed: 1 })
      .run({ indices: new Int32Array([2, 0, 2]) });
    expect(outputs.indices).toEqual(new Int32Array([2, 0, 2]));
    expect(outputs.taken).toEqual(new Float32Array([30, 10, 30]));
    session.close();
  });
});
