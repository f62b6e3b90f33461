/** @file The one walk that all passes share: nodes are visited in order and re-emitted, kept or replaced. */
import { invariant } from '../../base/errors.ts';
import type { Graph, GraphNode, NodeId } from '../graph/graph.ts';

/** Appends a node to the new graph and returns its id there. */
export type Emit = (node: GraphNode) => NodeId;

export interface Visit {
  readonly id: NodeId;
  /** The node, with its inputs already renumbered for the new graph. */
  readonly node: GraphNode;
  readonly emit: Emit;
  /** Nodes of the new graph so far. */
  readonly nodes: readonly GraphNode[];
}

/** Rebuilds a graph: `visit` returns the new id that stands for the node from then on (by default, the node emitted as it is). */
export function rewrite(graph: Graph, visit: (visit: Visit) => NodeId): Graph {
  const nodes: GraphNode[] = [];
  const renamed: NodeId[] = [];
  const emit: Emit = (node) => nodes.push(node) - 1;
  graph.nodes.forEach((node, id) => {
    const inputs = node.inputs.map((input) => renamed[input]!);
    renamed[id] = visit({ id, node: { ...node, inputs }, emit, nodes });
    invariant(renamed[id] !== undefined && renamed[id] < nodes.length, `pass lost node ${id} (${node.op})`);
  });
  return {
    nodes,
    outputs: Object.fromEntries(Object.entries(graph.outputs).map(([name, id]) => [name, renamed[id]!])),
    updates: graph.updates.map(({ variable, value }) => ({ variable, value: renamed[value]! })),
  };
}

/** Which nodes use each node; outputs and updates count as a use by −1. */
export function usesOf(graph: Graph): readonly (readonly NodeId[])[] {
  const uses: NodeId[][] = graph.nodes.map(() => []);
  graph.nodes.forEach((node, id) => {
    for (const input of new Set(node.inputs)) uses[input]!.push(id);
  });
  for (const id of [...Object.values(graph.outputs), ...graph.updates.map((update) => update.value)])
    uses[id]!.push(-1);
  return uses;
}
