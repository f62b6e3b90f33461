/** @file Computes equal things once: nodes with the same op, attributes, shape and inputs become one. */
import type { Graph, NodeId } from '../graph/graph.ts';
import { rewrite } from './rewrite.ts';

export function shareCommonSubexpressions(graph: Graph): Graph {
  const known = new Map<string, NodeId>();
  return rewrite(graph, ({ node, emit }) => {
    const key = `${node.op} ${node.inputs.join()} ${node.dtype}[${node.shape.join()}] ${JSON.stringify(node.attributes)}`;
    const id = known.get(key) ?? emit(node);
    known.set(key, id);
    return id;
  });
}
