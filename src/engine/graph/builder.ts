/** @file Builds graphs node by node. Shapes are inferred and checked at once, so an author's mistake shows where it is made. */
import { graphIllegal } from './errors.ts';
import type { DType, Graph, GraphNode, Initialiser, NodeId, NodeOf, Shape, Update } from './graph.ts';
import type { Op, OpAttributes } from './ops.ts';
import { shapeRules, type TensorType } from './shape-rules.ts';

/** A node under construction. Functions of `functions.ts` and the SDK take and return these. */
export interface Tensor {
  readonly builder: GraphBuilder;
  readonly id: NodeId;
  readonly shape: Shape;
  readonly dtype: DType;
}

export class GraphBuilder {
  private readonly nodes: GraphNode[] = [];
  private readonly outputs: Record<string, NodeId> = {};
  private readonly updates: Update[] = [];
  private readonly named = new Map<string, Tensor>();

  /** Adds a node. `declared` is needed by leaves, whose shape no input tells. */
  node<O extends Op>(
    op: O,
    inputs: readonly Tensor[],
    attributes: OpAttributes[O],
    declared?: TensorType,
  ): Tensor {
    const types = inputs.map(({ shape, dtype }) => ({ shape, dtype }));
    const type = shapeRules[op](types, attributes, declared ?? { shape: [], dtype: 'f32' });
    const node: NodeOf<O> = {
      op,
      inputs: inputs.map((tensor) => tensor.id),
      attributes,
      shape: type.shape,
      dtype: type.dtype,
    };
    this.nodes.push(node as unknown as GraphNode);
    return this.tensor(this.nodes.length - 1);
  }

  /** Appends all nodes of a graph and returns the tensor for each of its ids; leaves with a known name are shared. */
  include(graph: Graph): Tensor[] {
    const tensors: Tensor[] = [];
    for (const node of graph.nodes) {
      const inputs = node.inputs.map((id) => tensors[id]!);
      if (node.op === 'input') tensors.push(this.input(node.attributes.name, node.shape, node.dtype));
      else if (node.op === 'variable') tensors.push(this.variable(node.attributes, node.shape));
      else tensors.push(this.node(node.op, inputs, node.attributes as never, node));
    }
    return tensors;
  }

  /** A tensor given at each call. Asking again for a name gives the same tensor. */
  input(name: string, shape: Shape, dtype: DType = 'f32'): Tensor {
    return this.leafOnce('input', name, { shape, dtype }, { name });
  }

  /** State of the executor. Asking again for a name gives the same tensor; shapes must agree. */
  variable(attributes: { name: string; initial: Initialiser; trainable: boolean }, shape: Shape): Tensor {
    return this.leafOnce('variable', attributes.name, { shape, dtype: 'f32' }, attributes);
  }

  constant(value: number | readonly number[], shape: Shape = [], dtype: DType = 'f32'): Tensor {
    const attributes = typeof value === 'number' ? { value } : { values: value };
    return this.node('constant', [], attributes, { shape, dtype });
  }

  output(name: string, tensor: Tensor): void {
    if (Object.hasOwn(this.outputs, name))
      throw graphIllegal({ what: `Two outputs are named "${name}".`, field: name });
    this.outputs[name] = tensor.id;
  }

  update(variable: string, value: Tensor): void {
    this.updates.push({ variable, value: value.id });
  }

  build(): Graph {
    return { nodes: [...this.nodes], outputs: { ...this.outputs }, updates: [...this.updates] };
  }

  private leafOnce<O extends 'input' | 'variable'>(
    op: O,
    name: string,
    type: TensorType,
    attributes: OpAttributes[O],
  ): Tensor {
    const key = `${op} ${name}`;
    const known = this.named.get(key);
    if (known === undefined) {
      const tensor = this.node(op, [], attributes, type);
      this.named.set(key, tensor);
      return tensor;
    }
    if (known.shape.join() !== type.shape.join() || known.dtype !== type.dtype) {
      throw graphIllegal({
        what: `${key} is used with shape [${known.shape.join(', ')}] and with [${type.shape.join(', ')}].`,
        field: name,
        next: 'Give the two different names, or make their shapes agree.',
      });
    }
    return known;
  }

  /** The node that a tensor stands for, as built so far. */
  nodeAt(id: NodeId): GraphNode {
    return this.nodes[id]!;
  }

  /** The tensor of a node built before. */
  tensor(id: NodeId): Tensor {
    const { shape, dtype } = this.nodes[id]!;
    return { builder: this, id, shape, dtype };
  }
}
