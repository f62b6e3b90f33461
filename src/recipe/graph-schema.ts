/** @file The grammar of graph nodes as they arrive from a plugin or from disk: every op's attributes, checked before anything reads them. */
import { z } from 'zod';
import { type DType, elementCount, type Graph } from '../engine/graph/graph.ts';
import type { Op, OpAttributes } from '../engine/graph/ops.ts';

/** Values that one constant may list; large tables belong in variables or inputs. */
const maxListedValues = 65_536;

const name = z.string().min(1).max(200);
const size = z.int().min(1);
const count = z.int().min(0);
const shape = z.array(size).max(8);
const perAxis = z.array(size).min(1).max(3);
const axes = z.array(count).max(8);
const paddings = z.array(count).max(8);
const padding = z
  .array(z.tuple([count, count]))
  .min(1)
  .max(3);
const none = z.strictObject({});
const axis = z.strictObject({ axis: count });
const slope = z.strictObject({ slope: z.number() });

const convWindow = z.strictObject({ stride: perAxis, padding, dilation: perAxis, groups: size });
const poolWindow = z.strictObject({ stride: perAxis, padding, kernel: perAxis });
const resize = z.strictObject({
  mode: z.enum(['nearest', 'linear']),
  alignCorners: z.boolean(),
  spatial: perAxis,
});
const gridSample = z.strictObject({
  mode: z.enum(['linear', 'nearest']),
  padding: z.enum(['zeros', 'border']),
  alignCorners: z.boolean(),
});
const statistics = z.strictObject({ kind: z.enum(['group', 'batch']), groups: size });
const norm = statistics.extend({ epsilon: z.number().min(0), slope: z.number().nullable() });
const pad = z.strictObject({
  low: paddings,
  high: paddings,
  mode: z.enum(['constant', 'reflect', 'edge']),
  value: z.number(),
});
const initialiser = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant'), value: z.number() }),
  z.strictObject({ kind: z.literal('uniform'), low: z.number(), high: z.number() }),
  z.strictObject({ kind: z.literal('normal'), mean: z.number(), deviation: z.number().min(0) }),
]);

/** One row an op; numbers are finite throughout. */
const attributes = {
  input: z.strictObject({ name }),
  variable: z.strictObject({ name, initial: initialiser, trainable: z.boolean() }),
  constant: z.union([
    z.strictObject({ value: z.number() }),
    z.strictObject({ values: z.array(z.number()).max(maxListedValues) }),
  ]),
  iota: axis,
  random: z.strictObject({ distribution: z.enum(['uniform', 'normal']), stream: count.max(0xffffffff) }),
  neg: none,
  abs: none,
  sign: none,
  floor: none,
  exp: none,
  expm1: none,
  log: none,
  log1p: none,
  sqrt: none,
  rsqrt: none,
  sigmoid: none,
  tanh: none,
  softplus: none,
  erf: none,
  sin: none,
  cos: none,
  leakyRelu: slope,
  clamp: z.strictObject({ min: z.number(), max: z.number() }),
  cast: z.strictObject({ to: z.enum(['f32', 'i32']) }),
  stopGradient: none,
  add: none,
  sub: none,
  mul: none,
  div: none,
  maximum: none,
  minimum: none,
  pow: none,
  equal: none,
  less: none,
  lessEqual: none,
  leakyReluGrad: slope,
  where: none,
  sum: z.strictObject({ axes }),
  max: z.strictObject({ axes }),
  argMax: axis,
  softmax: axis,
  logSoftmax: axis,
  matmul: z.strictObject({ transposeA: z.boolean(), transposeB: z.boolean() }),
  conv: convWindow,
  convTranspose: convWindow.extend({ spatial: perAxis }),
  convGradWeight: convWindow.extend({ kernel: perAxis }),
  maxPool: poolWindow,
  maxPoolGrad: poolWindow,
  avgPool: poolWindow,
  avgPoolGrad: poolWindow.extend({ spatial: perAxis }),
  resize,
  resizeGrad: resize,
  gridSample,
  gridSampleGradInput: gridSample.extend({ spatial: perAxis }),
  gridSampleGradGrid: gridSample,
  normStats: statistics,
  normApply: norm,
  normGradSums: norm,
  normGradInput: norm,
  reshape: z.strictObject({ shape }),
  transpose: z.strictObject({ permutation: axes }),
  broadcast: z.strictObject({ shape }),
  concat: axis,
  slice: z.strictObject({ start: axes, size: shape }),
  pad,
  padGrad: pad,
  gather: axis,
  scatterAdd: axis.extend({ size }),
  argSort: axis,
  takeAlong: axis,
  putAlong: axis.extend({ size }),
  elementwise: z.never(),
} satisfies { readonly [O in Op]: z.ZodType<OpAttributes[O]> | z.ZodNever };

const dtype = z.enum(['f32', 'i32']) satisfies z.ZodType<DType>;

const nodeOptions = Object.entries(attributes).map(([op, schema]) =>
  z.strictObject({ op: z.literal(op), inputs: z.array(count), attributes: schema, shape, dtype }),
);

const nodeSchema = z
  .discriminatedUnion('op', nodeOptions as unknown as [(typeof nodeOptions)[number]])
  .refine(listsAllValues, { message: 'a constant lists as many values as its shape holds' });

function listsAllValues(node: { op: string; attributes: unknown; shape: readonly number[] }): boolean {
  if (node.op !== 'constant') return true;
  const { values } = node.attributes as { values?: readonly number[] };
  return values === undefined || values.length === elementCount(node.shape);
}

/** Kinds and ranges of all fields; how nodes fit together is `engine/graph/validate.ts`'s matter. */
export const graphSchema = z.strictObject({
  nodes: z.array(nodeSchema),
  outputs: z.record(name, count),
  updates: z.array(z.strictObject({ variable: name, value: count })),
}) as unknown as z.ZodType<Graph>;
