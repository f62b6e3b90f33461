/** @file A trained network, ready to be slid over volumes: the predict graph of a recipe with the weights that it predicts with. */
import type { Program, Session } from '../engine/executor.ts';
import type { Graph, GraphNode } from '../engine/graph/graph.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { NamedTensor } from '../run/checkpoint.ts';
import { weightsMissing } from './errors.ts';

export interface Predictor {
  readonly recipe: Recipe;
  readonly program: Program;
}

/**
 * Compiles the predict graph in a session. Where the recipe averages its weights, the averages are what it predicts with; in a
 * session that trains they are shared with the training step, so validation always sees the present weights.
 */
export function compilePredictor(session: Session, recipe: Recipe, seed: number): Predictor {
  const graph = withPredictionWeights(recipe.graphs.predict, recipe);
  return { recipe, program: session.compile(graph, { seed }) };
}

/** The graph with each trained weight replaced by its moving average, where the recipe keeps one (`average.<weight>`). */
export function withPredictionWeights(graph: Graph, recipe: Recipe): Graph {
  if (recipe.training.emaDecay === null) return graph;
  const nodes = graph.nodes.map((node): GraphNode => {
    if (node.op !== 'variable' || !node.attributes.trainable) return node;
    const name = `average.${node.attributes.name}`;
    return { ...node, attributes: { ...node.attributes, name, trainable: false } };
  });
  return { ...graph, nodes };
}

/**
 * Gives every variable of the session its value from a checkpoint; tensors that the session does not know are left out.
 * Throws CHECKPOINT_UNFIT when a variable has no tensor of its shape.
 */
export async function writeVariables(
  session: Session,
  tensors: ReadonlyMap<string, NamedTensor>,
): Promise<void> {
  for (const [name, { shape }] of session.variables) {
    const tensor = tensors.get(name);
    if (tensor === undefined || tensor.shape.join() !== shape.join())
      throw weightsMissing({ name, expected: shape, found: tensor?.shape });
    await session.writeVariable(name, tensor.values);
  }
}
