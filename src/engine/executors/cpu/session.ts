/** @file A session of the CPU executor: variables and programs held natively; runs follow one another in a queue. */
import { invariant } from '../../../base/errors.ts';
import type { Program, Session, TensorData, TensorInfo, Tensors } from '../../executor.ts';
import { elementCount, type Graph, nodesOf, type Shape } from '../../graph/graph.ts';
import type { OpAttributes } from '../../graph/ops.ts';
import { optimise } from '../../passes/index.ts';
import { initialValues } from '../../program/initialise.ts';
import { encodeProgram } from './encode.ts';
import { lower } from './lower.ts';
import type { NativeAddon, NativeSession } from './native.ts';
import { placeBuffers } from './place.ts';

interface Variable extends TensorInfo {
  readonly trainable: boolean;
  readonly id: number;
}

/** Seconds that one kernel call of a program has taken so far. */
export interface CallProfile {
  readonly kernel: string;
  readonly ints: readonly number[];
  readonly seconds: number;
}

export interface CpuSessionOptions {
  readonly threads: number;
  readonly instructionSet: string;
  /** Keep times per kernel call, for {@link CpuSession.profiles}. */
  readonly profile: boolean;
}

export class CpuSession implements Session {
  readonly variables = new Map<string, Variable>();
  /** Per compiled program, when profiling. */
  readonly profiles: (() => CallProfile[])[] = [];
  private readonly native: NativeAddon;
  private readonly handle: NativeSession;
  private readonly options: CpuSessionOptions;
  private queue: Promise<unknown> = Promise.resolve();
  private largestBytes = 0;

  constructor(native: NativeAddon, options: CpuSessionOptions) {
    this.native = native;
    this.options = options;
    this.handle = native.openSession(options.threads, options.instructionSet);
  }

  get peakBytes(): number {
    this.largestBytes = Math.max(this.largestBytes, this.native.sessionBytes(this.handle));
    return this.largestBytes;
  }

  compile(given: Graph, { seed }: { readonly seed: number }): Program {
    const inputs = [
      ...new Map(nodesOf(given, 'input').map(({ node }) => [node.attributes.name, node] as const)),
    ];
    for (const { node } of nodesOf(given, 'variable'))
      this.declareVariable(node.attributes, node.shape, seed);
    const draft = lower(optimise(given));
    const placed = placeBuffers(draft);
    const code = encodeProgram(placed, (name) => this.variable(name).id);
    const id = this.native.createProgram(this.handle, code, draft.constants, placed.arenaBytes);
    const outputs = Object.entries(given.outputs).map(([name, node]) => [name, given.nodes[node]!] as const);
    const times = this.options.profile ? new Float64Array(placed.calls.length) : null;
    if (times !== null) {
      this.profiles.push(() =>
        placed.calls.map(({ kernel, ints }, i) => ({ kernel, ints, seconds: times[i]! })),
      );
    }
    return {
      inputs: new Map(inputs.map(([name, { shape, dtype }]) => [name, { shape, dtype }])),
      outputs: new Map(outputs.map(([name, { shape, dtype }]) => [name, { shape, dtype }])),
      run: (tensors) => this.enqueue(() => this.run({ id, inputs, outputs, times }, tensors)),
    };
  }

  async readVariable(name: string): Promise<Float32Array> {
    const { id, shape } = this.variable(name);
    return this.enqueue(async () => {
      const values = new Float32Array(elementCount(shape));
      this.native.readVariable(this.handle, id, values);
      return values;
    });
  }

  async writeVariable(name: string, values: Float32Array): Promise<void> {
    const { id, shape } = this.variable(name);
    invariant(
      values.length === elementCount(shape),
      `variable "${name}" holds ${elementCount(shape)} numbers, not ${values.length}`,
    );
    return this.enqueue(async () => this.native.writeVariable(this.handle, id, values));
  }

  close(): void {
    this.native.closeSession(this.handle);
    this.variables.clear();
  }

  private declareVariable(attributes: OpAttributes['variable'], shape: Shape, seed: number): void {
    const { name, trainable, initial } = attributes;
    const known = this.variables.get(name);
    invariant(
      known === undefined || known.shape.join() === shape.join(),
      `variable "${name}" has one shape in all graphs of a session`,
    );
    if (known !== undefined) return;
    const id = this.native.createVariable(this.handle, elementCount(shape) * 4);
    this.native.writeVariable(this.handle, id, initialValues({ name, shape, initial }, seed));
    this.variables.set(name, { shape, dtype: 'f32', trainable, id });
  }

  private variable(name: string): Variable {
    const variable = this.variables.get(name);
    invariant(variable !== undefined, `the session knows a variable "${name}"`);
    return variable;
  }

  private async run(
    program: {
      readonly id: number;
      readonly inputs: readonly (readonly [string, TensorInfo])[];
      readonly outputs: readonly (readonly [string, TensorInfo])[];
      readonly times: Float64Array | null;
    },
    tensors: Tensors,
  ): Promise<Record<string, TensorData>> {
    const inputs = program.inputs.map(([name, info]) => givenInput(name, info, tensors[name]));
    const outputs = program.outputs.map(([, { shape, dtype }]) =>
      dtype === 'f32' ? new Float32Array(elementCount(shape)) : new Int32Array(elementCount(shape)),
    );
    await this.native.run(this.handle, program.id, inputs, outputs, program.times);
    return Object.fromEntries(program.outputs.map(([name], i) => [name, outputs[i]!]));
  }

  /** After everything asked for before, whether that worked or not. */
  private enqueue<T>(action: () => Promise<T>): Promise<T> {
    const result = this.queue.then(action, action);
    this.queue = result.catch(() => undefined);
    return result;
  }
}

function givenInput(name: string, { shape, dtype }: TensorInfo, data: TensorData | undefined): TensorData {
  const count = elementCount(shape);
  invariant(data !== undefined, `input "${name}" is given`);
  invariant(data.length === count, `input "${name}" has ${count} elements, not ${data.length}`);
  invariant(
    dtype === 'f32' ? data instanceof Float32Array : data instanceof Int32Array,
    `input "${name}" is ${dtype}`,
  );
  return data;
}
