/** @file Drops nodes that no output and no update needs. Inputs and variables stay: they are the graph's signature. */
import type { Graph } from '../graph/graph.ts';
import { rewrite } from './rewrite.ts';

export function dropDeadCode(graph: Graph): Graph {
  const live = new Set([...Object.values(graph.outputs), ...graph.updates.map((update) => update.value)]);
  for (let id = graph.nodes.length - 1; id >= 0; id--) {
    const { op, inputs } = graph.nodes[id]!;
    if (op === 'input' || op === 'variable') live.add(id);
    if (live.has(id)) for (const input of inputs) live.add(input);
  }
  // Dead nodes are mapped to 0; nothing that lives refers to them.
  return rewrite(graph, ({ id, node, emit }) => (live.has(id) ? emit(node) : 0));
}
