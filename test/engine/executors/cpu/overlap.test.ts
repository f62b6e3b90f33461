import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { makeCpuExecutor } from '../../../../src/engine/executors/cpu/executor.ts';
import { GraphBuilder } from '../../../../src/engine/graph/builder.ts';
import { conv, mul, sum } from '../../../../src/engine/graph/functions.ts';
import { executors } from '../../../helpers/executors.ts';

const { skipped } = executors.find(({ id }) => id === 'cpu')!;

const size = 48;
const channels = 32;
const image = new Float32Array(channels * size ** 3).fill(1);

/** Ten convolutions with weights of 1/32, so that ones stay ones: tens of milliseconds of work. */
function slowGraph() {
  const builder = new GraphBuilder();
  const weight = builder.variable(
    { name: 'w', initial: { kind: 'constant', value: 1 / channels }, trainable: false },
    [channels, channels, 1, 1, 1],
  );
  let y = builder.input('image', [1, channels, size, size, size]);
  for (let i = 0; i < 10; i++) y = conv(y, weight);
  builder.output('y', y);
  return builder.build();
}

/** Σ v² over `count` twos, by way of an intermediate of that size. */
function squares(count: number) {
  const builder = new GraphBuilder();
  const initial = { kind: 'constant', value: 2 } as const;
  const v = builder.variable({ name: `v${count}`, initial, trainable: false }, [count]);
  builder.output('total', sum(mul(v, v)));
  return builder.build();
}

describe.skipIf(skipped)('while a run is under way', () => {
  it('a session may close: the run ends well, what comes after is refused', async () => {
    const session = makeCpuExecutor({ threads: 2 }).open();
    const program = session.compile(slowGraph(), { seed: 1 });
    const underWay = program.run({ image });
    const later = expect(program.run({ image })).rejects.toThrow('the session is closed');
    await turn();
    session.close();
    const { y } = await underWay;
    expect(y!.every((value) => value === 1)).toBe(true);
    await later;
  });

  it('a session may compile: neither disturbs the other', async () => {
    const session = makeCpuExecutor({ threads: 2 }).open();
    const program = session.compile(slowGraph(), { seed: 1 });
    const underWay = program.run({ image });
    await turn();
    // Each needs more memory than what came before.
    const counts = [1e7, 2e7];
    const others = counts.map((count) => session.compile(squares(count), { seed: 1 }));
    const { y } = await underWay;
    expect(y!.every((value) => value === 1)).toBe(true);
    for (const [i, other] of others.entries()) expect((await other.run({})).total![0]).toBe(4 * counts[i]!);
    session.close();
  });
});
