/** @file A graph as text that a person can read and diff: one line a node, like formulas. */
import type { Graph } from './graph.ts';

export function printGraph(graph: Graph): string {
  const lines = graph.nodes.map((node, id) => {
    const attributes = Object.entries(node.attributes).map(([name, value]) => `${name}=${brief(value)}`);
    const operands = [...node.inputs.map((input) => `%${input}`), ...attributes].join(', ');
    return `%${id}: ${node.dtype}[${node.shape.join(', ')}] = ${node.op}(${operands})`;
  });
  const updates = graph.updates.map(({ variable, value }) => `${variable} ← %${value}`);
  const outputs = Object.entries(graph.outputs).map(([name, id]) => `return ${name} = %${id}`);
  return [...lines, ...updates, ...outputs].join('\n');
}

function brief(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 100)}… (${text.length} characters)` : text;
}
