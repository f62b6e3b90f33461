/**
 * @file Joins chains of elementwise ops into one `elementwise` program each, which an executor runs tile by tile in cache.
 * Broadcasts and uniform constants among the operands are absorbed: they are read in place instead of being spread out in memory.
 */
import { elementCount, type Graph, type GraphNode, type NodeId } from '../graph/graph.ts';
import { type ElementwiseInstruction, isElementwise } from '../graph/ops.ts';
import { rewrite, usesOf } from './rewrite.ts';

/** Above this many instructions a program's registers would leave the first-level cache. */
const maxInstructions = 48;

export function fuseElementwise(graph: Graph): Graph {
  const roots = groupRoots(graph);
  const members = new Map<NodeId, NodeId[]>();
  roots.forEach((root, id) => {
    if (root !== undefined) members.set(root, [...(members.get(root) ?? []), id]);
  });
  const renamed: NodeId[] = [];
  return rewrite(graph, ({ id, node, emit }) => {
    if (roots[id] === undefined) renamed[id] = emit(node);
    else if (roots[id] === id) renamed[id] = emit(programFor(graph, members.get(id)!, renamed));
    // A node inside a program has no place of its own; nothing outside the program refers to it.
    else renamed[id] = 0;
    return renamed[id]!;
  });
}

/** For each elementwise node the last node of the program it joins (itself, if its result is needed outside); undefined for other ops. */
function groupRoots(graph: Graph): (NodeId | undefined)[] {
  const uses = usesOf(graph);
  const roots: (NodeId | undefined)[] = graph.nodes.map(() => undefined);
  const sizes = new Map<NodeId, number>();
  for (let id = graph.nodes.length - 1; id >= 0; id--) {
    if (!isElementwise(graph.nodes[id]!.op)) continue;
    const candidates = new Set(uses[id]!.map((user) => (user === -1 ? undefined : roots[user])));
    const [root] = candidates;
    const joins = candidates.size === 1 && root !== undefined && sizes.get(root)! < maxInstructions;
    roots[id] = joins ? root : id;
    sizes.set(roots[id]!, (sizes.get(roots[id]!) ?? 0) + 1);
  }
  return roots;
}

function programFor(graph: Graph, members: readonly NodeId[], renamed: readonly NodeId[]): GraphNode {
  const inside = new Set(members);
  const inputs: NodeId[] = [];
  for (const operand of members.flatMap((id) => graph.nodes[id]!.inputs)) {
    if (inside.has(operand) || uniformValue(graph.nodes[operand]!) !== undefined) continue;
    const source = renamed[absorbed(graph, operand)]!;
    if (!inputs.includes(source)) inputs.push(source);
  }
  const program: ElementwiseInstruction[] = [];
  const registers = new Map<NodeId | string, number>();
  const push = (key: NodeId | string, instruction: ElementwiseInstruction) =>
    registers.set(key, inputs.length + program.push(instruction) - 1);
  const register = (operand: NodeId): number => {
    const value = inside.has(operand) ? undefined : uniformValue(graph.nodes[operand]!);
    if (value === undefined)
      return registers.get(operand) ?? inputs.indexOf(renamed[absorbed(graph, operand)]!);
    const key = `constant ${Object.is(value, -0) ? '-0' : value}`;
    if (!registers.has(key)) push(key, { op: 'constant', operands: [], numbers: [value] });
    return registers.get(key)!;
  };
  for (const id of members) {
    const node = graph.nodes[id]!;
    if (!isElementwise(node.op)) continue;
    const operands = node.inputs.map(register);
    push(id, { op: node.op, operands, numbers: numbersOf(node) });
  }
  const { shape } = graph.nodes[members.at(-1)!]!;
  return { op: 'elementwise', inputs, attributes: { program }, shape, dtype: 'f32' };
}

function numbersOf(node: GraphNode): number[] {
  if (node.op === 'leakyRelu' || node.op === 'leakyReluGrad') return [node.attributes.slope];
  if (node.op === 'clamp') return [node.attributes.min, node.attributes.max];
  return [];
}

/** The value of a constant that a program can hold in a register. */
function uniformValue(node: GraphNode): number | undefined {
  return node.op === 'constant' && 'value' in node.attributes ? node.attributes.value : undefined;
}

/** What a program reads for this operand: the source of a broadcast, else the operand itself. */
function absorbed(graph: Graph, operand: NodeId): NodeId {
  const node = graph.nodes[operand]!;
  const grows =
    node.op === 'broadcast' && elementCount(graph.nodes[node.inputs[0]!]!.shape) < elementCount(node.shape);
  return grows ? node.inputs[0]! : operand;
}
