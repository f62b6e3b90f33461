/**
 * @file Folds a leaky ReLU into the normalisation before it, forward and backward, so that the normalised tensor is never stored:
 * the backward kernels recompute it from the convolution's output, which is kept anyway.
 */
import type { Graph, NodeId, NodeOf } from '../graph/graph.ts';
import { rewrite, usesOf } from './rewrite.ts';

export function fuseNormActivation(graph: Graph): Graph {
  const slopes = fusibleNorms(graph);
  return rewrite(graph, ({ id, node, emit }) => {
    const slope = slopes.get(id);
    if (slope !== undefined && node.op === 'normApply') {
      return emit({ ...node, attributes: { ...node.attributes, slope } });
    }
    const source = graph.nodes[id]!.inputs;
    // leakyRelu(normApply) is the norm itself now; leakyReluGrad(dy, normApply) is dy: the norm's backward ops apply the slope.
    if (node.op === 'leakyRelu' && slopes.has(source[0]!)) return node.inputs[0]!;
    if (node.op === 'leakyReluGrad' && slopes.has(source[1]!)) return node.inputs[0]!;
    if (node.op === 'normGradSums' || node.op === 'normGradInput') {
      const dy = graph.nodes[source[0]!]!;
      const fused = dy.op === 'leakyReluGrad' ? slopes.get(dy.inputs[1]!) : undefined;
      return emit(
        fused === undefined
          ? node
          : ({ ...node, attributes: { ...node.attributes, slope: fused } } as typeof node),
      );
    }
    return emit(node);
  });
}

/** normApply nodes whose every use is a leaky ReLU of one slope or its gradient on the way to that norm's own backward ops. */
function fusibleNorms(graph: Graph): Map<NodeId, number> {
  const uses = usesOf(graph);
  const found = new Map<NodeId, number>();
  graph.nodes.forEach((node, id) => {
    if (node.op !== 'normApply' || node.attributes.slope !== null) return;
    const users = uses[id]!.map((user) => graph.nodes[user]);
    const slopes = new Set(
      users.map((user) =>
        user?.op === 'leakyRelu' || user?.op === 'leakyReluGrad' ? user.attributes.slope : undefined,
      ),
    );
    const [slope] = slopes;
    if (slopes.size !== 1 || slope === undefined) return;
    const gradients = uses[id]!.filter((user) => graph.nodes[user]!.op === 'leakyReluGrad');
    if (
      gradients.every((gradient) => feedsOwnBackward(graph, gradient, { norm: node, uses: uses[gradient]! }))
    )
      found.set(id, slope);
  });
  return found;
}

function feedsOwnBackward(
  graph: Graph,
  gradient: NodeId,
  { norm, uses }: { norm: NodeOf<'normApply'>; uses: readonly NodeId[] },
): boolean {
  return uses.every((user) => {
    const node = graph.nodes[user];
    const isBackward = node?.op === 'normGradSums' || node?.op === 'normGradInput';
    return (
      isBackward &&
      node.inputs[0] === gradient &&
      norm.inputs.every((input, i) => node.inputs[i + 1] === input)
    );
  });
}
