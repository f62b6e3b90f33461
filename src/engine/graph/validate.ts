/** @file The grammar of a graph: what a recipe's graph must be before the engine touches it, and after every pass in tests. */
import { graphIllegal } from './errors.ts';
import { elementCount, type Graph, type GraphNode } from './graph.ts';
import { internalOps, type Op } from './ops.ts';
import { shapeRules, type TensorType } from './shape-rules.ts';

export interface GraphLimits {
  readonly maxNodes: number;
  /** Elements of one tensor. */
  readonly maxElements: number;
  /** May ops that only passes make appear? */
  readonly allowInternal: boolean;
}

/** Limits for graphs that come from a plugin. */
export const pluginLimits: GraphLimits = { maxNodes: 20_000, maxElements: 2 ** 31, allowInternal: false };
/** Limits for graphs that passes made. */
export const compilerLimits: GraphLimits = { maxNodes: 1_000_000, maxElements: 2 ** 40, allowInternal: true };

/** Throws GRAPH_ILLEGAL or GRAPH_SHAPE_MISMATCH for the first rule that the graph breaks. */
export function validateGraph(graph: Graph, limits: GraphLimits): void {
  if (graph.nodes.length > limits.maxNodes) {
    throw graphIllegal({
      what: `The graph has ${graph.nodes.length} nodes; at most ${limits.maxNodes} are allowed.`,
      field: 'nodes',
    });
  }
  for (const [id, node] of graph.nodes.entries()) validateNode(graph, node, id, limits);
  for (const [name, id] of Object.entries(graph.outputs)) checkId(graph, id, `outputs.${name}`);
  const variables = new Map(
    graph.nodes.flatMap((node) => (node.op === 'variable' ? [[node.attributes.name, node] as const] : [])),
  );
  for (const { variable, value } of graph.updates) {
    checkId(graph, value, `updates.${variable}`);
    const declared = variables.get(variable);
    if (declared === undefined || declared.shape.join() !== graph.nodes[value]!.shape.join()) {
      throw graphIllegal({
        what: `The update of "${variable}" has no variable of its shape.`,
        field: `updates.${variable}`,
      });
    }
  }
}

function validateNode(graph: Graph, node: GraphNode, id: number, limits: GraphLimits): void {
  const field = `nodes[${id}]`;
  if (!Object.hasOwn(shapeRules, node.op))
    throw graphIllegal({ what: `There is no op "${String(node.op)}".`, field });
  if (!limits.allowInternal && internalOps.has(node.op))
    throw graphIllegal({ what: `The op "${node.op}" is the compiler's own.`, field });
  for (const input of node.inputs) {
    if (!Number.isInteger(input) || input < 0 || input >= id) {
      throw graphIllegal({
        what: `Node ${id} (${node.op}) uses node ${input}, which does not come before it.`,
        field,
      });
    }
  }
  const sizesAreSane = node.shape.every((size) => Number.isInteger(size) && size >= 1);
  if (!sizesAreSane || elementCount(node.shape) > limits.maxElements) {
    throw graphIllegal({
      what: `Node ${id} (${node.op}) has the shape [${node.shape.join(', ')}], beyond what is allowed.`,
      field,
    });
  }
  const inputs = node.inputs.map((input): TensorType => graph.nodes[input]!);
  const rule = shapeRules[node.op] as (
    inputs: readonly TensorType[],
    attributes: unknown,
    declared: TensorType,
  ) => TensorType;
  const inferred = rule(inputs, node.attributes, node);
  if (inferred.shape.join() !== node.shape.join() || inferred.dtype !== node.dtype) {
    throw graphIllegal({
      what: `Node ${id} (${node.op satisfies Op}) says [${node.shape.join(', ')}], but its inputs give [${inferred.shape.join(', ')}].`,
      field,
    });
  }
}

function checkId(graph: Graph, id: number, field: string): void {
  if (!Number.isInteger(id) || id < 0 || id >= graph.nodes.length)
    throw graphIllegal({ what: `There is no node ${id}.`, field });
}
