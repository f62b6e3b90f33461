/** @file The reference executor: every op by its definition, slowly. Other executors are tested against it. */
import { invariant } from '../../../base/errors.ts';
import type { Executor, Program, Session, TensorData, TensorInfo, Tensors } from '../../executor.ts';
import { type DType, type Graph, type GraphNode, nodesOf } from '../../graph/graph.ts';
import { compilerLimits, validateGraph } from '../../graph/validate.ts';
import { initialValues } from '../../program/initialise.ts';
import { kernels } from './kernels.ts';
import type { Values } from './values.ts';

export function makeReferenceExecutor(): Executor {
  return {
    id: 'reference',
    description: 'reference (plain definitions, one thread)',
    open: () => new ReferenceSession(),
  };
}

interface Variable extends TensorInfo {
  readonly trainable: boolean;
  data: TensorData;
}

class ReferenceSession implements Session {
  readonly variables = new Map<string, Variable>();
  peakBytes = 0;

  compile(graph: Graph, { seed }: { readonly seed: number }): Program {
    validateGraph(graph, compilerLimits);
    for (const { node } of nodesOf(graph, 'variable')) {
      const { name, trainable, initial } = node.attributes;
      const known = this.variables.get(name);
      invariant(
        known === undefined || known.shape.join() === node.shape.join(),
        `variable "${name}" has one shape in all graphs of a session`,
      );
      const { shape, dtype } = node;
      const data = known?.data ?? initialValues({ name, shape, initial }, seed);
      if (known === undefined) this.variables.set(name, { shape, dtype, trainable, data });
    }
    return {
      inputs: new Map(nodesOf(graph, 'input').map(({ node }) => [node.attributes.name, infoOf(node)])),
      outputs: new Map(
        Object.entries(graph.outputs).map(([name, id]) => [name, infoOf(graph.nodes[id]!)] as const),
      ),
      run: async (inputs) => this.run(graph, inputs),
    };
  }

  async readVariable(name: string): Promise<Float32Array> {
    return new Float32Array(this.variable(name).data);
  }

  async writeVariable(name: string, values: Float32Array): Promise<void> {
    const variable = this.variable(name);
    invariant(
      values.length === variable.data.length,
      `variable "${name}" holds ${variable.data.length} numbers`,
    );
    variable.data = values.slice();
  }

  close(): void {
    this.variables.clear();
  }

  private variable(name: string): Variable {
    const variable = this.variables.get(name);
    invariant(variable !== undefined, `the session knows a variable "${name}"`);
    return variable;
  }

  private run(graph: Graph, inputs: Tensors): Record<string, TensorData> {
    const results: Values[] = [];
    for (const node of graph.nodes) {
      const { shape, dtype } = node;
      results.push({ shape, dtype, data: this.evaluate(node, results, inputs) });
    }
    this.notePeak(results);
    // All results are there before the first update, so every update saw the old values.
    for (const { variable, value } of graph.updates)
      this.variable(variable).data = results[value]!.data.slice();
    return Object.fromEntries(
      Object.entries(graph.outputs).map(([name, id]) => [name, results[id]!.data.slice()]),
    );
  }

  private evaluate(node: GraphNode, results: readonly Values[], inputs: Tensors): TensorData {
    if (node.op === 'variable') return this.variable(node.attributes.name).data;
    if (node.op === 'input') return givenInput(node, inputs[node.attributes.name]);
    const kernel = kernels[node.op] as (node: GraphNode, ...inputs: Values[]) => ArrayLike<number>;
    return stored(node.dtype, kernel(node, ...node.inputs.map((input) => results[input]!)));
  }

  private notePeak(results: readonly Values[]): void {
    const held = [...this.variables.values(), ...results].reduce((sum, { data }) => sum + data.byteLength, 0);
    this.peakBytes = Math.max(this.peakBytes, held);
  }
}

const infoOf = ({ shape, dtype }: GraphNode): TensorInfo => ({ shape, dtype });

function givenInput(node: GraphNode & { readonly op: 'input' }, data: TensorData | undefined): TensorData {
  const { name } = node.attributes;
  const count = node.shape.reduce((product, size) => product * size, 1);
  invariant(data !== undefined, `input "${name}" is given`);
  invariant(data.length === count, `input "${name}" has ${count} elements, not ${data.length}`);
  return stored(node.dtype, data);
}

/** Rounded to the dtype; a copy. */
function stored(dtype: DType, values: ArrayLike<number>): TensorData {
  return dtype === 'f32' ? new Float32Array(values) : new Int32Array(values);
}
