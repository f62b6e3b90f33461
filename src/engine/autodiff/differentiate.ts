/** @file Reverse-mode differentiation: one walk back over the graph, which knows nothing of any op. */
import type { Tensor } from '../graph/builder.ts';
import { graphIllegal } from '../graph/errors.ts';
import { add } from '../graph/functions.ts';
import { elementCount, type NodeId } from '../graph/graph.ts';
import { inputGradients } from './rules.ts';

/**
 * Gradients of `loss` (one element) by each of the tensors, as new nodes of the same graph. Nodes on which no wanted tensor has
 * influence get none; a tensor on which the loss does not depend gets zeros. Throws GRAPH_ILLEGAL where a rule is missing.
 */
export function differentiate(loss: Tensor, withRespectTo: readonly Tensor[]): Tensor[] {
  const { builder } = loss;
  const found = `The loss has the shape [${loss.shape.join(', ')}]; it must be one number.`;
  if (elementCount(loss.shape) !== 1) throw graphIllegal({ what: found, field: 'loss' });
  const matters = influenced(loss, withRespectTo);
  const gradients = new Map<NodeId, Tensor>([[loss.id, builder.constant(1, loss.shape)]]);
  for (let id = loss.id; id >= 0; id--) {
    const dy = gradients.get(id);
    if (dy === undefined) continue;
    // Weights come after activations among the inputs. Their gradients go first, so that an activation kept for them is spent before
    // the next one's gradient needs room.
    for (const { input, gradient } of inputGradients(builder.tensor(id), dy).reverse()) {
      if (!matters[input]) continue;
      const part = gradient();
      const others = gradients.get(input);
      gradients.set(input, others === undefined ? part : add(others, part));
    }
  }
  return withRespectTo.map(({ id, shape }) => gradients.get(id) ?? builder.constant(0, shape));
}

/** For each node up to the loss: does a wanted tensor have influence on it? */
function influenced(loss: Tensor, wanted: readonly Tensor[]): boolean[] {
  const matters: boolean[] = [];
  const sources = new Set(wanted.map(({ id }) => id));
  for (let id = 0; id <= loss.id; id++)
    matters.push(sources.has(id) || loss.builder.nodeAt(id).inputs.some((input) => matters[input]));
  return matters;
}
