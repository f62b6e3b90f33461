/** @file Works out at compile time what no input can change, and drops operations that do nothing (x·1, x + 0, reshape to itself). */
import type { Graph, GraphNode, NodeId, NodeOf } from '../graph/graph.ts';
import { rewrite, type Visit } from './rewrite.ts';

export function foldConstants(graph: Graph): Graph {
  return rewrite(graph, (visit) => identity(visit) ?? folded(visit) ?? visit.emit(visit.node));
}

/** The one value of a constant whose elements are all equal. */
function uniformValue(node: GraphNode | undefined): number | undefined {
  return node?.op === 'constant' && 'value' in node.attributes ? node.attributes.value : undefined;
}

const sameShape = (a: GraphNode, b: GraphNode) => a.shape.join() === b.shape.join() && a.dtype === b.dtype;

/** The input that the node merely passes on, if it does. */
function identity({ node, nodes }: Visit): NodeId | undefined {
  const [a, b] = node.inputs;
  const first = a === undefined ? undefined : nodes[a];
  if (first === undefined) return undefined;
  switch (node.op) {
    case 'reshape':
    case 'broadcast':
    case 'slice':
    case 'cast':
      return sameShape(first, node) ? a : undefined;
    case 'stopGradient':
      return a;
    case 'concat':
      return node.inputs.length === 1 ? a : undefined;
    case 'transpose':
      return node.attributes.permutation.every((axis, i) => axis === i) ? a : undefined;
    case 'add':
      return uniformValue(nodes[b!]) === 0 ? a : uniformValue(first) === 0 ? b : undefined;
    case 'sub':
      return uniformValue(nodes[b!]) === 0 ? a : undefined;
    case 'mul':
      return uniformValue(nodes[b!]) === 1 ? a : uniformValue(first) === 1 ? b : undefined;
    case 'div':
      return uniformValue(nodes[b!]) === 1 ? a : undefined;
    default:
      return undefined;
  }
}

const scalarRules: { readonly [op: string]: (a: number, b: number) => number } = {
  neg: (a) => -a,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
};

/** A constant in place of a node whose inputs are uniform constants. Arithmetic is rounded to f32, as an executor would. */
function folded({ node, nodes, emit }: Visit): NodeId | undefined {
  if (node.inputs.length === 0 || node.dtype !== 'f32') return undefined;
  const values = node.inputs.map((input) => uniformValue(nodes[input]));
  if (values.some((value) => value === undefined)) return undefined;
  if (node.op === 'broadcast' || node.op === 'reshape') return emit(constant(node, values[0]!));
  const rule = scalarRules[node.op];
  return rule === undefined ? undefined : emit(constant(node, Math.fround(rule(values[0]!, values[1] ?? 0))));
}

function constant(node: GraphNode, value: number): NodeOf<'constant'> {
  return { op: 'constant', inputs: [], attributes: { value }, shape: node.shape, dtype: node.dtype };
}
