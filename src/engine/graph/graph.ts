/** @file The graph: plain, JSON-serialisable data that plugins make, passes rewrite and executors run. */
import type { Op, OpAttributes } from './ops.ts';

export type DType = 'f32' | 'i32';

/** Static sizes, each at least 1. Activations are `[N, C, …spatial]` with 1-3 spatial axes; a scalar is `[]`. */
export type Shape = readonly number[];

/** Index of a node in {@link Graph.nodes}. */
export type NodeId = number;

export type GraphNode = { [O in Op]: NodeOf<O> }[Op];

export interface NodeOf<O extends Op> {
  readonly op: O;
  readonly inputs: readonly NodeId[];
  readonly attributes: OpAttributes[O];
  readonly shape: Shape;
  readonly dtype: DType;
}

/** After a call of the graph, the variable takes the value of the node. All updates see the old values. */
export interface Update {
  readonly variable: string;
  readonly value: NodeId;
}

export interface Graph {
  /** In topological order: a node's inputs have smaller indices. */
  readonly nodes: readonly GraphNode[];
  readonly outputs: Readonly<Record<string, NodeId>>;
  readonly updates: readonly Update[];
}

/** How a variable begins; made from the run's seed and the variable's name by `program/initialise.ts`. */
export type Initialiser =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number };

/** The nodes of one op, with their ids. */
export function nodesOf<O extends Op>(graph: Graph, op: O): { id: NodeId; node: NodeOf<O> }[] {
  const found: { id: NodeId; node: NodeOf<O> }[] = [];
  graph.nodes.forEach((node, id) => {
    if (node.op === op) found.push({ id, node: node as NodeOf<O> });
  });
  return found;
}

export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}
