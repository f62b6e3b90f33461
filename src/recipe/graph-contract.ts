/** @file Do a recipe's graphs take what the sampler and the sliding window give, and give what training and prediction read? */
import { type Graph, nodesOf, type Shape } from '../engine/graph/graph.ts';
import type { Recipe } from './recipe.ts';

interface Expected {
  readonly shape: Shape;
  readonly dtype: 'f32' | 'i32';
}

const show = ({ shape, dtype }: Expected) => `${dtype} [${shape.join(', ')}]`;

const f32 = (shape: Shape): Expected => ({ shape, dtype: 'f32' });

/** What does not fit, as lines "path: what is wrong"; empty when all does. */
export function graphContractIssues(recipe: Recipe): string[] {
  const { train, validate, predict } = recipe.graphs;
  const sampled = sampledInputs(recipe);
  const issues = [
    ...inputIssues('train', train, sampled),
    ...(hasLoss(train) ? [] : ['graphs.train.outputs.loss: the training graph needs a loss of one number']),
    ...inputIssues('predict', predict, windowInputs(recipe)),
    ...recipe.outputs
      .filter(({ graphOutput }) => !Object.hasOwn(predict.outputs, graphOutput))
      .map(({ name, graphOutput }) => `outputs.${name}: the predict graph has no output "${graphOutput}"`),
  ];
  issues.push(...variableIssues('predict', predict, train));
  if (validate === undefined) return issues;
  if (!hasLoss(validate)) issues.push('graphs.validate.outputs.loss: there is no loss of one number');
  return [
    ...issues,
    ...inputIssues('validate', validate, sampled),
    ...variableIssues('validate', validate, train),
  ];
}

/** Graphs share variables by name; one that training does not have would stay as it began. */
function variableIssues(name: string, graph: Graph, train: Graph): string[] {
  const trained = new Map(
    nodesOf(train, 'variable').map(({ node }) => [node.attributes.name, node.shape.join()]),
  );
  return nodesOf(graph, 'variable').flatMap(({ node }) => {
    const variable = node.attributes.name;
    const field = `graphs.${name}.variables.${variable}`;
    const shape = trained.get(variable);
    if (shape === undefined) return [`${field}: the training graph has no such variable`];
    if (shape === node.shape.join()) return [];
    return [`${field}: has the shape [${node.shape.join(', ')}], in training [${shape}]`];
  });
}

function sampledInputs({ channels, sampling }: Recipe): Map<string, Expected> {
  const { batchSize, patchSize, extraInputs } = sampling;
  const inputs = new Map([
    ['image', f32([batchSize, channels, ...patchSize])],
    ['label', f32([batchSize, 1, ...patchSize])],
    ['key', { shape: [2], dtype: 'i32' as const }],
  ]);
  for (const extra of extraInputs) {
    const spatial =
      extra.kind === 'bsplineGrid'
        ? [batchSize, ...patchSize, patchSize.length]
        : [batchSize, 1, ...patchSize.map((size, axis) => (axis === extra.axis ? 1 : size))];
    inputs.set(extra.input, f32(spatial));
  }
  return inputs;
}

function windowInputs({ channels, inference }: Recipe): Map<string, Expected> {
  return new Map([['image', f32([inference.batchSize, channels, ...inference.window])]]);
}

function inputIssues(name: string, graph: Graph, given: ReadonlyMap<string, Expected>): string[] {
  return nodesOf(graph, 'input').flatMap(({ node }) => {
    const input = node.attributes.name;
    const field = `graphs.${name}.inputs.${input}`;
    const expected = given.get(input);
    if (expected === undefined) return [`${field}: nothing gives this input`];
    return show(expected) === show(node) ? [] : [`${field}: is ${show(node)}, but gets ${show(expected)}`];
  });
}

function hasLoss({ nodes, outputs }: Graph): boolean {
  if (!Object.hasOwn(outputs, 'loss')) return false;
  return nodes[outputs.loss!]!.shape.every((size) => size === 1);
}
