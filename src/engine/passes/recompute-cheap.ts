/**
 * @file Computes cheap values again where they are needed much later, instead of keeping them: in a training step a norm's result
 * waits from the forward pass to the backward pass although the convolution's result that it came from is kept too.
 * Source of the idea: Chen et al. 2016, "Training deep nets with sublinear memory cost".
 */
import { elementCount, type Graph, type GraphNode, type NodeId } from '../graph/graph.ts';
import { isElementwise } from '../graph/ops.ts';
import { usesOf } from './rewrite.ts';

/** Smaller values are not worth a second computation: share of all bytes that the graph produces. */
const smallestShare = 1 / 1000;
/** A value waits for long when this many times its own bytes are produced meanwhile. */
const longWait = 8;

const bytesOf = (node: GraphNode) => elementCount(node.shape) * 4;
const isLeaf = ({ op }: GraphNode) => op === 'input' || op === 'variable' || op === 'constant';

/** One pass over memory and little arithmetic. */
function isCheap(node: GraphNode): boolean {
  if (node.op === 'resize') return node.attributes.mode === 'nearest';
  return node.op === 'normApply' || isElementwise(node.op);
}

/** The same numbers to the last bit, in less memory; nodes are taken to run in their order. */
export function recomputeCheapValues(graph: Graph): Graph {
  const waits = new Waits(graph);
  const nodes: GraphNode[] = [];
  /** Per node of the old graph: its latest copy in the new one, and the old node that used it last. */
  const copies: { id: NodeId; usedBy: NodeId }[] = [];

  const copyFor = (id: NodeId, user: NodeId): NodeId => {
    const copy = copies[id]!;
    if (waits.isWorthwhile(id, copy.usedBy, user)) copy.id = emit(id, user);
    copy.usedBy = user;
    return copy.id;
  };
  const emit = (id: NodeId, user: NodeId): NodeId => {
    const node = graph.nodes[id]!;
    return nodes.push({ ...node, inputs: node.inputs.map((input) => copyFor(input, user)) }) - 1;
  };
  graph.nodes.forEach((_, id) => {
    copies[id] = { id: emit(id, id), usedBy: id };
  });
  return {
    nodes,
    outputs: Object.fromEntries(Object.entries(graph.outputs).map(([name, id]) => [name, copies[id]!.id])),
    updates: graph.updates.map(({ variable, value }) => ({ variable, value: copies[value]!.id })),
  };
}

/** How long values lie about, in bytes produced meanwhile. */
class Waits {
  private readonly graph: Graph;
  /** Bytes produced before each node, and by all at the end. */
  private readonly before: number[] = [0];
  /** Last node that uses each; Infinity when the value leaves the graph. */
  private readonly lastUse: number[];

  constructor(graph: Graph) {
    this.graph = graph;
    graph.nodes.forEach((node, id) => {
      this.before.push(this.before[id]! + (isLeaf(node) ? 0 : bytesOf(node)));
    });
    this.lastUse = usesOf(graph).map((uses) =>
      Math.max(...uses.map((user) => (user === -1 ? Number.POSITIVE_INFINITY : user))),
    );
  }

  /** True when node `id`, last used at `from`, should be computed again for its use at `to`. */
  isWorthwhile(id: NodeId, from: NodeId, to: NodeId): boolean {
    const bytes = bytesOf(this.graph.nodes[id]!);
    const wait = this.before[to]! - this.before[from + 1]!;
    return bytes >= this.before.at(-1)! * smallestShare && wait >= bytes * longWait && this.isAtHand(id, to);
  }

  /** True when the node can be computed at `to` without keeping anything for it. */
  private isAtHand(id: NodeId, to: NodeId): boolean {
    const node = this.graph.nodes[id]!;
    if (!isCheap(node) || this.lastUse[id] === Number.POSITIVE_INFINITY) return false;
    return node.inputs.every(
      (input) => isLeaf(this.graph.nodes[input]!) || this.lastUse[input]! >= to || this.isAtHand(input, to),
    );
  }
}
