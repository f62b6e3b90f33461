import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/engine/graph/builder.ts';
import { add, conv, relu } from '../../../src/engine/graph/functions.ts';
import type { Graph, GraphNode } from '../../../src/engine/graph/graph.ts';
import { compilerLimits, pluginLimits, validateGraph } from '../../../src/engine/graph/validate.ts';

/** A sound graph of five nodes: image, weight, convolution, ReLU, sum with the image. */
function sound(): Graph {
  const builder = new GraphBuilder();
  const image = builder.input('image', [1, 2, 4, 4]);
  const initial = { kind: 'constant', value: 0 } as const;
  const weight = builder.variable({ name: 'w', initial, trainable: true }, [2, 2, 3, 3]);
  builder.output('y', add(relu(conv(image, weight, { padding: 1 })), image));
  builder.update('w', weight);
  return builder.build();
}

/** The sound graph with one node changed. */
function broken(id: number, change: (node: GraphNode) => object): Graph {
  const graph = sound();
  const nodes = graph.nodes.map((node, i) => (i === id ? ({ ...node, ...change(node) } as GraphNode) : node));
  return { ...graph, nodes };
}

describe('the validator', () => {
  it('accepts what the builder makes', () => {
    expect(() => validateGraph(sound(), pluginLimits)).not.toThrow();
  });

  it.each<[string, Graph, string]>([
    ['an op that does not exist', broken(3, () => ({ op: 'gelu' })), 'There is no op "gelu".'],
    ['an op of the object prototype', broken(3, () => ({ op: 'toString' })), 'There is no op "toString".'],
    [
      'an op that only passes may make',
      broken(3, () => ({ op: 'elementwise', attributes: { program: [] } })),
      'The op "elementwise" is the compiler\'s own.',
    ],
    [
      'a node that uses a later one',
      broken(3, () => ({ inputs: [4] })),
      'Node 3 (leakyRelu) uses node 4, which does not come before it.',
    ],
    [
      'a shape of no size',
      broken(0, () => ({ shape: [1, 0, 4, 4] })),
      'Node 0 (input) has the shape [1, 0, 4, 4], beyond what is allowed.',
    ],
    [
      'a shape that its inputs do not give',
      broken(2, () => ({ shape: [1, 2, 5, 4] })),
      'Node 2 (conv) says [1, 2, 5, 4], but its inputs give [1, 2, 4, 4].',
    ],
    ['an output that is nowhere', { ...sound(), outputs: { y: 5 } }, 'There is no node 5.'],
    [
      'an update of an unknown variable',
      { ...sound(), updates: [{ variable: 'v', value: 1 }] },
      'The update of "v" has no variable of its shape.',
    ],
    [
      'an update of another shape',
      { ...sound(), updates: [{ variable: 'w', value: 0 }] },
      'The update of "w" has no variable of its shape.',
    ],
  ])('refuses %s', (_, graph, message) => {
    expect(() => validateGraph(graph, pluginLimits)).toThrow(message);
  });

  it('holds a plugin to a number of nodes and elements', () => {
    const limits = { ...compilerLimits, maxNodes: 4 };
    expect(() => validateGraph(sound(), limits)).toThrow('The graph has 5 nodes; at most 4 are allowed.');
    expect(() => validateGraph(sound(), { ...compilerLimits, maxElements: 31 })).toThrow(
      'Node 0 (input) has the shape [1, 2, 4, 4], beyond what is allowed.',
    );
  });
});
