/** @file Builds a graph and runs it once on the reference executor. */
import { makeReferenceExecutor } from '../../src/engine/executors/reference/executor.ts';
import { GraphBuilder, type Tensor } from '../../src/engine/graph/builder.ts';

export interface Values {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** `write` gets a tensor for each input and returns the outputs by name. */
export async function evaluateGraph(
  inputs: Readonly<Record<string, Values>>,
  write: (inputs: Record<string, Tensor>) => Readonly<Record<string, Tensor>>,
): Promise<Record<string, Float32Array>> {
  const builder = new GraphBuilder();
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }]) => [name, builder.input(name, shape)]),
  );
  for (const [name, tensor] of Object.entries(write(tensors))) builder.output(name, tensor);
  const session = makeReferenceExecutor().open();
  const data = Object.entries(inputs).map(([name, { values }]) => [name, Float32Array.from(values)]);
  const found = await session.compile(builder.build(), { seed: 1 }).run(Object.fromEntries(data));
  session.close();
  return found as Record<string, Float32Array>;
}
