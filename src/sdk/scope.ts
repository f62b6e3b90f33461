/** @file Where in a network we are: the graph under construction, its purpose, and the dotted name of the present part. */
import { GraphBuilder, type Tensor } from '../engine/graph/builder.ts';
import type { Graph, Initialiser, Shape } from '../engine/graph/graph.ts';

/** 'train' normalises batches by their own statistics; 'validate' and 'predict' by the running ones. */
export type GraphPurpose = 'train' | 'validate' | 'predict';

/** Passed to every layer. Not responsible for what a layer computes, only for the names and places of its variables. */
export interface Scope {
  readonly builder: GraphBuilder;
  readonly purpose: GraphPurpose;
  /** Dotted path of the present part, e.g. `encoder.0`; empty at the top. */
  readonly path: string;
  /** Next values of running statistics, by variable; they become updates when the graph is finished. */
  readonly statistics: Map<string, Tensor>;
}

/**
 * Builds one graph of a recipe. Graphs that use the same names share their variables.
 *
 * @since 1
 * @example makeGraph('predict', (scope) => {
 *   const x = scope.builder.input('image', [1, 1, 32, 32, 32]);
 *   scope.builder.output('probability', sigmoid(convolution(inner(scope, 'head'), x, { channels: 1 })));
 * })
 */
export function makeGraph(purpose: GraphPurpose, write: (scope: Scope) => void): Graph {
  const scope: Scope = { builder: new GraphBuilder(), purpose, path: '', statistics: new Map() };
  write(scope);
  for (const [variable, value] of scope.statistics) scope.builder.update(variable, value);
  return scope.builder.build();
}

/** The scope of a part: `inner(inner(scope, 'encoder'), 0)` has the path `encoder.0`. */
export function inner(scope: Scope, part: string | number): Scope {
  return { ...scope, path: nameIn(scope, String(part)) };
}

/** A trainable variable of this scope, e.g. `encoder.0.conv1.weight`. Asking twice gives the same one: that is how branches share weights. */
export function parameter(scope: Scope, name: string, shape: Shape, initial: Initialiser): Tensor {
  return scope.builder.variable({ name: nameIn(scope, name), initial, trainable: true }, shape);
}

/** A variable that no gradient reaches, such as a running mean: its value before this call of the graph. */
export function statistic(scope: Scope, name: string, shape: Shape, initialValue: number): Tensor {
  const initial: Initialiser = { kind: 'constant', value: initialValue };
  return scope.builder.variable({ name: nameIn(scope, name), initial, trainable: false }, shape);
}

/**
 * Lets a statistic become `next(present)`. When a network is run twice in one graph, the second change builds upon the first,
 * as two calls one after the other would.
 */
export function changeStatistic(
  scope: Scope,
  name: string,
  old: Tensor,
  next: (present: Tensor) => Tensor,
): void {
  const variable = nameIn(scope, name);
  scope.statistics.set(variable, next(scope.statistics.get(variable) ?? old));
}

function nameIn(scope: Scope, name: string): string {
  return scope.path === '' ? name : `${scope.path}.${name}`;
}
