/**
 * @file Graph → kernel calls of the CPU. Chooses the order of axes of every tensor on the way: convolutions, pools, resizes and norms
 * work channels-last, elementwise ops follow their operands, and a copy is made only where two neighbours disagree.
 */
import { invariant } from '../../../base/errors.ts';
import {
  elementCount,
  type Graph,
  type GraphNode,
  type NodeId,
  type NodeOf,
  type Shape,
} from '../../graph/graph.ts';
import {
  type ConvWindow,
  isElementwise,
  type NormAttributes,
  type Op,
  type PoolWindow,
} from '../../graph/ops.ts';
import type { KernelCall, Place, ProgramDraft } from './calls.ts';
import type { ElementwiseName, Kernel } from './kernel-ids.ts';
import { type ElementwiseOperand, encodeElementwise } from './lower-elementwise.ts';
import { axisOrder, collapse, isSameOrder, type Layout, maxRank, stridesOf } from './strides.ts';

/** A tensor as it lies in memory. */
interface Value {
  readonly shape: Shape;
  readonly layout: Layout;
  readonly place: Place;
}

type LowerRule<O extends Op> = (node: NodeOf<O>, inputs: readonly Value[]) => Value;

/** Uniform constants up to this size lie in the program; larger ones are filled in when it runs. */
const maxPooledElements = 65_536;

const at = (shape: Shape, axis: number) => ({
  outer: elementCount(shape.slice(0, axis)),
  size: shape[axis]!,
  inner: elementCount(shape.slice(axis + 1)),
});

/** Three numbers from one to three, with `fill` for the leading axes. */
const three = (values: readonly number[], fill: number): number[] => [
  ...Array(3 - values.length).fill(fill),
  ...values,
];

export function lower(graph: Graph): ProgramDraft {
  return new Lowering(graph).run();
}

class Lowering {
  private readonly graph: Graph;
  private readonly calls: KernelCall[] = [];
  private readonly buffers: number[] = [];
  private readonly values: Value[] = [];
  private readonly converted = new Map<string, Value>();
  private readonly constants: Uint8Array[] = [];
  private readonly pooled = new Map<string, Place>();
  private constantBytes = 0;
  private readonly inputIndices = new Map<string, number>();

  constructor(graph: Graph) {
    this.graph = graph;
  }

  run(): ProgramDraft {
    this.graph.nodes.forEach((node, id) => {
      const inputs = node.inputs.map((input) => this.values[input]!);
      const rule = (isElementwise(node.op)
        ? this.single
        : this.rules[node.op as keyof typeof this.rules]) as unknown as LowerRule<Op>;
      this.values[id] = rule(node as NodeOf<Op>, inputs);
    });
    const finished = (id: NodeId) => {
      const value = this.inLayout(this.values[id]!, 'plain');
      return { value: value.place, count: elementCount(value.shape) };
    };
    const updates = this.graph.updates.map(({ variable, value }) => ({ variable, ...finished(value) }));
    const outputs = Object.values(this.graph.outputs).map(finished);
    return {
      calls: this.calls,
      buffers: this.buffers,
      updates,
      outputs,
      constants: joinBytes(this.constants),
    };
  }

  // Building blocks

  private newBuffer(shape: Shape): Place {
    return { space: 'buffer', buffer: this.buffers.push(elementCount(shape) * 4) - 1 };
  }

  private call(
    kernel: Kernel,
    inputs: readonly Value[],
    result: {
      shape: Shape;
      layout?: Layout;
      ints?: readonly number[];
      numbers?: readonly number[];
      inPlace?: readonly number[];
    },
  ): Value {
    const output = this.newBuffer(result.shape);
    const { layout = 'plain', ints = [], numbers = [], inPlace = [] } = result;
    this.calls.push({ kernel, inputs: inputs.map(({ place }) => place), output, ints, numbers, inPlace });
    return { shape: result.shape, layout, place: output };
  }

  /** The value with its axes in this order; the same bytes where both orders agree, else a copy, made once. */
  private inLayout(value: Value, layout: Layout): Value {
    if (value.layout === layout || isSameOrder(value.shape)) return { ...value, layout };
    // A reshape leaves the place as it is, so that the place alone does not tell what lies there.
    const key = `${JSON.stringify(value.place)} ${value.layout} [${value.shape.join()}] ${layout}`;
    const known = this.converted.get(key) ?? this.copy(value, { shape: value.shape, layout });
    this.converted.set(key, known);
    return known;
  }

  private plain(values: readonly Value[]): Value[] {
    return values.map((value) => this.inLayout(value, 'plain'));
  }

  /** Copies a value into a new tensor; `from` gives, per logical axis of the result, the step in the source (default: its own). */
  private copy(
    value: Value,
    target: { shape: Shape; layout: Layout },
    from = stridesOf(value.shape, value.layout),
    offset = 0,
  ): Value {
    const output: Value = { ...target, place: this.newBuffer(target.shape) };
    this.copyInto(value, output, { dims: target.shape, from, offset });
    return output;
  }

  private copyInto(
    value: Value,
    output: Value,
    walk: {
      dims: Shape;
      from: readonly number[];
      offset?: number;
      to?: readonly number[];
      toOffset?: number;
    },
  ): void {
    const order = axisOrder(output.shape.length, output.layout);
    const to = walk.to ?? stridesOf(output.shape, output.layout);
    const pick = (list: readonly number[]) => order.map((axis) => list[axis]!);
    const nest = collapse({ dims: pick(walk.dims), strides: [pick(walk.from), pick(to)] });
    invariant(nest.dims.length <= maxRank, `a copy walks at most ${maxRank} axes`);
    this.calls.push({
      kernel: 'copyStrided',
      inputs: [value.place],
      output: output.place,
      ints: [nest.dims.length, ...nest.dims, ...nest.strides.flat(), walk.offset ?? 0, walk.toOffset ?? 0],
      numbers: [],
      inPlace: [],
    });
  }

  private constant(values: Float32Array | Int32Array): Place {
    const bytes = new Uint8Array(Math.ceil(values.byteLength / 64) * 64);
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    const offset = this.constantBytes;
    this.constants.push(bytes);
    this.constantBytes += bytes.length;
    return { space: 'constant', offset };
  }

  private indices(values: readonly number[]): Value {
    return { shape: [values.length], layout: 'plain', place: this.constant(Int32Array.from(values)) };
  }

  // Elementwise

  /** An elementwise op that no pass has fused: a program of one instruction. */
  private readonly single = (node: GraphNode, inputs: readonly Value[]): Value => {
    invariant(isElementwise(node.op), `${node.op} is elementwise`);
    const { attributes } = node as { attributes: { slope?: number; min?: number; max?: number } };
    const numbers = [attributes.slope ?? attributes.min ?? 0, attributes.max ?? 0];
    return this.program(node.shape, [{ op: node.op, operands: inputs.map((_, i) => i), numbers }], inputs);
  };

  private program(
    shape: Shape,
    program: Parameters<typeof encodeElementwise>[0]['program'],
    inputs: readonly Value[],
  ): Value {
    const isWhole = (value: Value) => value.shape.join() === shape.join();
    const layout = inputs.some(
      (value) => isWhole(value) && value.layout === 'last' && !isSameOrder(value.shape),
    )
      ? 'last'
      : 'plain';
    const operands = inputs.map((value) => (isWhole(value) ? this.inLayout(value, layout) : value));
    const order = axisOrder(shape.length, layout);
    const steps = operands.map((value): ElementwiseOperand => {
      const own = stridesOf(value.shape, value.layout);
      return order.map((axis) => (value.shape[axis] === 1 ? 0 : own[axis]!));
    });
    const { ints, numbers, contiguous } = encodeElementwise({
      dims: order.map((axis) => shape[axis]!),
      operands: steps,
      program,
    });
    return this.call('elementwise', operands, { shape, layout, ints, numbers, inPlace: contiguous });
  }

  // Convolutions

  private convGeometry(window: ConvWindow, shapes: { x: Shape; y: Shape; kernel: Shape }): number[] {
    const { x, y, kernel } = shapes;
    return [
      x[0]!,
      ...three(x.slice(2), 1),
      ...three(y.slice(2), 1),
      ...three(kernel, 1),
      ...three(window.stride, 1),
      ...three(
        window.padding.map(([low]) => low),
        0,
      ),
      ...three(window.dilation, 1),
      window.groups,
      x[1]!,
      y[1]!,
    ];
  }

  private readonly conv: LowerRule<'conv'> = ({ attributes, shape }, [x, weight, ...bias]) => {
    const ints = this.convGeometry(attributes, { x: x!.shape, y: shape, kernel: weight!.shape.slice(2) });
    return this.call('conv', [this.inLayout(x!, 'last'), ...this.plain([weight!, ...bias])], {
      shape,
      layout: 'last',
      ints,
      numbers: [1],
    });
  };

  private readonly convTranspose: LowerRule<'convTranspose'> = (
    { attributes, shape },
    [y, weight, ...bias],
  ) => {
    const ints = this.convGeometry(attributes, { x: shape, y: y!.shape, kernel: weight!.shape.slice(2) });
    return this.call('convGradInput', [this.inLayout(y!, 'last'), ...this.plain([weight!, ...bias])], {
      shape,
      layout: 'last',
      ints,
    });
  };

  private readonly convGradWeight: LowerRule<'convGradWeight'> = ({ attributes, shape }, [x, dy]) => {
    const ints = this.convGeometry(attributes, { x: x!.shape, y: dy!.shape, kernel: attributes.kernel });
    return this.call('convGradWeight', [this.inLayout(x!, 'last'), this.inLayout(dy!, 'last')], {
      shape,
      ints,
    });
  };

  private readonly matmul: LowerRule<'matmul'> = (
    { attributes: { transposeA, transposeB }, shape },
    inputs,
  ) => {
    const k = inputs[0]!.shape.at(transposeA ? -2 : -1)!;
    const ints = [
      elementCount(shape.slice(0, -2)),
      shape.at(-2)!,
      shape.at(-1)!,
      k,
      transposeA ? 1 : 0,
      transposeB ? 1 : 0,
    ];
    return this.call('matmul', this.plain(inputs), { shape, ints });
  };

  // Windows over space

  private spatialPair(x: Shape, y: Shape): number[] {
    return [x[0]!, ...three(x.slice(2), 1), ...three(y.slice(2), 1)];
  }

  private pool(
    kernel: Kernel,
    window: PoolWindow,
    shapes: { x: Shape; y: Shape; result: Shape },
    inputs: readonly Value[],
  ): Value {
    const ints = [
      ...this.spatialPair(shapes.x, shapes.y),
      ...three(window.kernel, 1),
      ...three(window.stride, 1),
      ...three(
        window.padding.map(([low]) => low),
        0,
      ),
      shapes.x[1]!,
    ];
    const last = inputs.map((value) => this.inLayout(value, 'last'));
    return this.call(kernel, last, { shape: shapes.result, layout: 'last', ints });
  }

  private resized(
    kernel: Kernel,
    node: NodeOf<'resize' | 'resizeGrad'>,
    shapes: { x: Shape; y: Shape },
    input: Value,
  ): Value {
    const { mode, alignCorners } = node.attributes;
    const ints = [
      ...this.spatialPair(shapes.x, shapes.y),
      shapes.x[1]!,
      mode === 'linear' ? 1 : 0,
      alignCorners ? 1 : 0,
    ];
    return this.call(kernel, [this.inLayout(input, 'last')], { shape: node.shape, layout: 'last', ints });
  }

  private sampled(
    kernel: Kernel,
    node: NodeOf<'gridSample' | 'gridSampleGradInput' | 'gridSampleGradGrid'>,
    shapes: { x: Shape; grid: Shape },
    inputs: readonly Value[],
  ): Value {
    const { mode, padding, alignCorners } = node.attributes;
    const axes = shapes.x.length - 2;
    const ints = [
      shapes.x[0]!,
      axes,
      ...three(shapes.x.slice(2), 1),
      ...three(shapes.grid.slice(1, -1), 1),
      shapes.x[1]!,
      mode === 'linear' ? 1 : 0,
      padding === 'border' ? 1 : 0,
      alignCorners ? 1 : 0,
    ];
    return this.call(kernel, inputs, {
      shape: node.shape,
      layout: kernel === 'gridSampleGradGrid' ? 'plain' : 'last',
      ints,
    });
  }

  // Norms

  private norm(
    kernel: Kernel,
    attributes: Pick<NormAttributes, 'kind' | 'groups'> & Partial<NormAttributes>,
    shapes: { x: Shape; result: Shape },
    inputs: readonly Value[],
    inPlace: readonly number[] = [],
  ): Value {
    const { x, result } = shapes;
    const slope = attributes.slope ?? null;
    const ints = [
      x[0]!,
      elementCount(x.slice(2)),
      x[1]!,
      attributes.groups,
      attributes.kind === 'batch' ? 1 : 0,
      slope === null ? 0 : 1,
    ];
    const isActivation = result.join() === x.join() && kernel !== 'normStats' && kernel !== 'normGradSums';
    return this.call(kernel, inputs, {
      shape: result,
      layout: isActivation ? 'last' : 'plain',
      ints,
      numbers: [attributes.epsilon ?? 0, slope ?? 1],
      inPlace,
    });
  }

  // Reductions

  /** Reduces run after run of neighbouring axes, the innermost first, so that each is [outer, size, inner] in memory. */
  private reduced(kind: 'sum' | 'max', axes: readonly number[], value: Value): Value {
    const order = axisOrder(value.shape.length, value.layout);
    const dims = order.map((axis) => value.shape[axis]!);
    const isReduced = order.map((axis) => axes.includes(axis));
    let current = value;
    let end = dims.length;
    while (end > 0) {
      const last = end - 1;
      if (!isReduced[last] || dims[last] === 1) {
        end = last;
        continue;
      }
      let first = last;
      while (first > 0 && (isReduced[first - 1] || dims[first - 1] === 1)) first--;
      const [outer, size, inner] = [dims.slice(0, first), dims.slice(first, end), dims.slice(end)].map(
        elementCount,
      );
      dims.fill(1, first, end);
      const shape = value.shape.map((_, axis) => dims[order.indexOf(axis)]!);
      current = this.call('reduce', [current], {
        shape,
        layout: value.layout,
        ints: [kind === 'sum' ? 0 : 1, outer!, size!, inner!],
      });
      end = first;
    }
    return current;
  }

  private softmaxed(node: NodeOf<'softmax' | 'logSoftmax'>, value: Value): Value {
    const ints = [...this.alongAxis(value, node.attributes.axis), node.op === 'logSoftmax' ? 1 : 0];
    return this.call('softmax', [value], { shape: node.shape, layout: value.layout, ints });
  }

  /** [outer, size, inner] of a logical axis as it lies in memory. */
  private alongAxis(value: Value, axis: number): number[] {
    const order = axisOrder(value.shape.length, value.layout);
    const physical = order.map((logical) => value.shape[logical]!);
    const { outer, size, inner } = at(physical, order.indexOf(axis));
    return [outer, size, inner];
  }

  // Shapes

  private padded({ attributes: { low, mode, value: filler }, shape }: NodeOf<'pad'>, value: Value): Value {
    if (mode !== 'constant')
      return this.alongAxes(
        value,
        shape,
        (size, axis) => sourceIndices(size, shape[axis]!, low[axis]!, mode),
        'gather',
      );
    const output: Value = { shape, layout: value.layout, place: this.newBuffer(shape) };
    this.calls.push({
      kernel: 'fill',
      inputs: [],
      output: output.place,
      ints: [elementCount(shape), 0],
      numbers: [filler],
      inPlace: [],
    });
    const to = stridesOf(shape, value.layout);
    const toOffset = low.reduce((sum, zeros, axis) => sum + zeros * to[axis]!, 0);
    this.copyInto(value, output, {
      dims: value.shape,
      from: stridesOf(value.shape, value.layout),
      to,
      toOffset,
    });
    return output;
  }

  private unpadded({ attributes: { low, mode }, shape }: NodeOf<'padGrad'>, value: Value): Value {
    invariant(mode !== 'constant', 'the gradient of a constant pad is a slice');
    return this.alongAxes(
      value,
      shape,
      (size, axis) => sourceIndices(shape[axis]!, size, low[axis]!, mode),
      'scatterAdd',
    );
  }

  /** Gathers (or scatters) along each axis whose size changes, by a table of indices. */
  private alongAxes(
    value: Value,
    shape: Shape,
    indicesFor: (size: number, axis: number) => number[],
    kernel: 'gather' | 'scatterAdd',
  ): Value {
    let current = this.inLayout(value, 'plain');
    shape.forEach((size, axis) => {
      if (size === current.shape[axis]) return;
      const table = indicesFor(current.shape[axis]!, axis);
      const { outer, inner, size: source } = at(current.shape, axis);
      const ints = [outer, kernel === 'gather' ? source : size, inner, table.length];
      const next = current.shape.map((length, i) => (i === axis ? size : length));
      current = this.call(kernel, [current, this.indices(table)], { shape: next, ints });
    });
    return current;
  }

  private concatenated({ attributes: { axis }, shape }: NodeOf<'concat'>, inputs: readonly Value[]): Value {
    const layout = inputs.some((value) => value.layout === 'last' && !isSameOrder(value.shape))
      ? 'last'
      : 'plain';
    const output: Value = { shape, layout, place: this.newBuffer(shape) };
    const to = stridesOf(shape, layout);
    let start = 0;
    for (const value of inputs) {
      this.copyInto(value, output, {
        dims: value.shape,
        from: stridesOf(value.shape, value.layout),
        to,
        toOffset: start * to[axis]!,
      });
      start += value.shape[axis]!;
    }
    return output;
  }

  private picked(
    kernel: Kernel,
    node: NodeOf<'gather' | 'scatterAdd' | 'takeAlong' | 'putAlong'>,
    inputs: readonly Value[],
  ): Value {
    const { axis } = node.attributes;
    const [x, indices] = this.plain(inputs);
    const { outer, inner } = at(x!.shape, axis);
    const scatters = kernel === 'scatterAdd' || kernel === 'putAlong';
    const size = scatters ? node.shape[axis]! : x!.shape[axis]!;
    const picked = scatters ? x!.shape[axis]! : node.shape[axis]!;
    return this.call(kernel, [x!, indices!], { shape: node.shape, ints: [outer, size, inner, picked] });
  }

  private readonly rules: { readonly [O in Exclude<Op, ElementwiseName> | 'constant']: LowerRule<O> } = {
    input: ({ attributes: { name }, shape }) => {
      const index = this.inputIndices.get(name) ?? this.inputIndices.size;
      this.inputIndices.set(name, index);
      return { shape, layout: 'plain', place: { space: 'input', index } };
    },
    variable: ({ attributes, shape }) => ({
      shape,
      layout: 'plain',
      place: { space: 'variable', name: attributes.name },
    }),
    constant: (node) => this.constantValue(node),
    iota: ({ attributes, shape, dtype }) => {
      const { outer, size, inner } = at(shape, attributes.axis);
      return this.call('iota', [], { shape, ints: [outer, size, inner, dtype === 'i32' ? 1 : 0] });
    },
    random: ({ attributes, shape }, inputs) =>
      this.call('random', this.plain(inputs), {
        shape,
        ints: [elementCount(shape), attributes.stream, attributes.distribution === 'normal' ? 1 : 0],
      }),
    cast: ({ attributes, shape, inputs }, [x]) => {
      if (this.graph.nodes[inputs[0]!]!.dtype === attributes.to) return x!;
      const ints = [elementCount(shape), attributes.to === 'i32' ? 1 : 0];
      return this.call('cast', [x!], { shape, layout: x!.layout, ints });
    },
    stopGradient: (_node, [x]) => x!,
    sum: ({ attributes }, [x]) => this.reduced('sum', attributes.axes, x!),
    max: ({ attributes }, [x]) => this.reduced('max', attributes.axes, x!),
    argMax: ({ attributes: { axis }, shape }, [x]) =>
      this.call('argMax', [x!], { shape, layout: x!.layout, ints: this.alongAxis(x!, axis) }),
    softmax: (node, [x]) => this.softmaxed(node, x!),
    logSoftmax: (node, [x]) => this.softmaxed(node, x!),
    matmul: this.matmul,
    conv: this.conv,
    convTranspose: this.convTranspose,
    convGradWeight: this.convGradWeight,
    maxPool: ({ attributes, shape }, inputs) =>
      this.pool('maxPool', attributes, { x: inputs[0]!.shape, y: shape, result: shape }, inputs),
    maxPoolGrad: ({ attributes, shape }, inputs) =>
      this.pool('maxPoolGrad', attributes, { x: shape, y: inputs[0]!.shape, result: shape }, inputs),
    avgPool: ({ attributes, shape }, inputs) =>
      this.pool('avgPool', attributes, { x: inputs[0]!.shape, y: shape, result: shape }, inputs),
    avgPoolGrad: ({ attributes, shape }, inputs) =>
      this.pool('avgPoolGrad', attributes, { x: shape, y: inputs[0]!.shape, result: shape }, inputs),
    resize: (node, [x]) => this.resized('resize', node, { x: x!.shape, y: node.shape }, x!),
    resizeGrad: (node, [dy]) => this.resized('resizeGrad', node, { x: node.shape, y: dy!.shape }, dy!),
    gridSample: (node, [x, grid]) =>
      this.sampled('gridSample', node, { x: x!.shape, grid: grid!.shape }, [
        this.inLayout(x!, 'last'),
        this.inLayout(grid!, 'plain'),
      ]),
    gridSampleGradInput: (node, [dy, grid]) =>
      this.sampled('gridSampleGradInput', node, { x: node.shape, grid: grid!.shape }, [
        this.inLayout(dy!, 'last'),
        this.inLayout(grid!, 'plain'),
      ]),
    gridSampleGradGrid: (node, [dy, x, grid]) =>
      this.sampled('gridSampleGradGrid', node, { x: x!.shape, grid: grid!.shape }, [
        this.inLayout(dy!, 'last'),
        this.inLayout(x!, 'last'),
        this.inLayout(grid!, 'plain'),
      ]),
    normStats: ({ attributes, shape }, [x]) =>
      this.norm('normStats', attributes, { x: x!.shape, result: shape }, [this.inLayout(x!, 'last')]),
    normApply: ({ attributes, shape }, [x, ...rest]) =>
      this.norm(
        'normApply',
        attributes,
        { x: shape, result: shape },
        [this.inLayout(x!, 'last'), ...this.plain(rest)],
        [0],
      ),
    normGradSums: ({ attributes, shape }, [dy, x, ...rest]) =>
      this.norm('normGradSums', attributes, { x: x!.shape, result: shape }, [
        this.inLayout(dy!, 'last'),
        this.inLayout(x!, 'last'),
        ...this.plain(rest),
      ]),
    normGradInput: ({ attributes, shape }, [dy, x, ...rest]) =>
      this.norm(
        'normGradInput',
        attributes,
        { x: shape, result: shape },
        [this.inLayout(dy!, 'last'), this.inLayout(x!, 'last'), ...this.plain(rest)],
        [0, 1],
      ),
    reshape: ({ shape }, [x]) => ({ shape, layout: 'plain', place: this.inLayout(x!, 'plain').place }),
    transpose: ({ attributes, shape }, inputs) => {
      const [x] = this.plain(inputs);
      const own = stridesOf(x!.shape, 'plain');
      return this.copy(
        x!,
        { shape, layout: 'plain' },
        attributes.permutation.map((axis) => own[axis]!),
      );
    },
    broadcast: ({ shape }, [x]) => {
      const own = stridesOf(x!.shape, x!.layout);
      return this.copy(
        x!,
        { shape, layout: x!.layout },
        own.map((stride, axis) => (x!.shape[axis] === 1 ? 0 : stride)),
      );
    },
    concat: (node, inputs) => this.concatenated(node, inputs),
    slice: ({ attributes, shape }, [x]) => {
      const own = stridesOf(x!.shape, x!.layout);
      const offset = attributes.start.reduce((sum, start, axis) => sum + start * own[axis]!, 0);
      return this.copy(x!, { shape, layout: x!.layout }, own, offset);
    },
    pad: (node, [x]) => this.padded(node, x!),
    padGrad: (node, [dy]) => this.unpadded(node, dy!),
    gather: (node, inputs) => this.picked('gather', node, inputs),
    scatterAdd: (node, inputs) => this.picked('scatterAdd', node, inputs),
    argSort: ({ attributes, shape }, inputs) => {
      const { outer, size, inner } = at(shape, attributes.axis);
      return this.call('argSort', this.plain(inputs), { shape, ints: [outer, size, inner] });
    },
    takeAlong: (node, inputs) => this.picked('takeAlong', node, inputs),
    putAlong: (node, inputs) => this.picked('putAlong', node, inputs),
    elementwise: ({ attributes, shape }, inputs) => this.program(shape, attributes.program, inputs),
  };

  private constantValue({ attributes, shape, dtype }: NodeOf<'constant'>): Value {
    const count = elementCount(shape);
    const make = (values: Float32Array | Int32Array): Value => ({
      shape,
      layout: 'plain',
      place: this.constant(values),
    });
    if ('values' in attributes) {
      invariant(attributes.values.length === count, 'a constant lists as many values as its shape holds');
      return make(
        dtype === 'f32' ? Float32Array.from(attributes.values) : Int32Array.from(attributes.values),
      );
    }
    if (count > maxPooledElements)
      return this.call('fill', [], {
        shape,
        ints: [count, dtype === 'i32' ? 1 : 0],
        numbers: [attributes.value],
      });
    const key = `${dtype} ${attributes.value} ${count}`;
    const known = this.pooled.get(key);
    if (known !== undefined) return { shape, layout: 'plain', place: known };
    const value = make(
      (dtype === 'f32' ? new Float32Array(count) : new Int32Array(count)).fill(attributes.value),
    );
    this.pooled.set(key, value.place);
    return value;
  }
}

/** For each place of a padded axis, the place it is copied from. */
function sourceIndices(size: number, padded: number, low: number, mode: 'reflect' | 'edge'): number[] {
  return Array.from({ length: padded }, (_, i) => {
    const place = i - low;
    if (mode === 'edge' || size === 1) return Math.min(size - 1, Math.max(0, place));
    const period = 2 * (size - 1);
    const folded = ((place % period) + period) % period;
    return folded < size ? folded : period - folded;
  });
}

function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}
