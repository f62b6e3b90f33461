/** @file Ops that work element by element, and the fused program of such ops. */
import type { GraphNode, NodeOf } from '../../graph/graph.ts';
import type { ElementwiseInstruction, ElementwiseOp } from '../../graph/ops.ts';
import { broadcastOffsetOf, fill, type Kernel, type Kernels } from './values.ts';

/** One element of each op: operands first, then the op's numbers (slope, bounds, constant). */
type Formula = (...operandsAndNumbers: number[]) => number;

const formulas = {
  neg: (x) => -x!,
  abs: (x) => Math.abs(x!),
  sign: (x) => Math.sign(x!),
  floor: (x) => Math.floor(x!),
  exp: (x) => Math.exp(x!),
  expm1: (x) => Math.expm1(x!),
  log: (x) => Math.log(x!),
  log1p: (x) => Math.log1p(x!),
  sqrt: (x) => Math.sqrt(x!),
  rsqrt: (x) => 1 / Math.sqrt(x!),
  sigmoid: (x) => 1 / (1 + Math.exp(-x!)),
  tanh: (x) => Math.tanh(x!),
  softplus: (x) => Math.max(x!, 0) + Math.log1p(Math.exp(-Math.abs(x!))),
  erf: (x) => erf(x!),
  sin: (x) => Math.sin(x!),
  cos: (x) => Math.cos(x!),
  leakyRelu: (x, slope) => (x! > 0 ? x! : slope! * x!),
  clamp: (x, min, max) => Math.min(Math.max(x!, min!), max!),
  add: (a, b) => a! + b!,
  sub: (a, b) => a! - b!,
  mul: (a, b) => a! * b!,
  div: (a, b) => a! / b!,
  maximum: (a, b) => Math.max(a!, b!),
  minimum: (a, b) => Math.min(a!, b!),
  pow: (a, b) => a! ** b!,
  equal: (a, b) => Number(a! === b!),
  less: (a, b) => Number(a! < b!),
  lessEqual: (a, b) => Number(a! <= b!),
  leakyReluGrad: (dy, x, slope) => (x! > 0 ? dy! : slope! * dy!),
  where: (condition, a, b) => (condition! !== 0 ? a! : b!),
  constant: (value) => value!,
} satisfies Record<ElementwiseOp, Formula>;

/** erf x = 2/√π · e^(−x²) · Σₙ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1)): all terms of one sign, so nothing cancels. */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

/** Slope or bounds, where the op has such; the order is that of {@link ElementwiseInstruction.numbers}. */
function numbersOf(node: GraphNode): readonly number[] {
  if (node.op === 'leakyRelu' || node.op === 'leakyReluGrad') return [node.attributes.slope];
  if (node.op === 'clamp') return [node.attributes.min, node.attributes.max];
  return [];
}

type Single = Exclude<ElementwiseOp, 'constant'>;

function elementByElement<O extends Single>(op: O): Kernel<O> {
  const formula: Formula = formulas[op];
  return (node, ...inputs) => {
    const numbers = numbersOf(node as unknown as GraphNode);
    return fill(node.shape, (_, i) => formula(...inputs.map((input) => input.data[i]!), ...numbers));
  };
}

function runProgram(program: readonly ElementwiseInstruction[], registers: number[]): number {
  for (const { op, operands, numbers } of program) {
    const formula: Formula = formulas[op];
    // Rounded after each instruction, so that fusing changes no bit of the result.
    registers.push(Math.fround(formula(...operands.map((operand) => registers[operand]!), ...numbers)));
  }
  return registers.at(-1)!;
}

const singles = Object.keys(formulas).filter((op): op is Single => op !== 'constant');

export const elementwiseKernels = {
  ...(Object.fromEntries(singles.map((op) => [op, elementByElement(op)])) as unknown as Kernels<Single>),
  elementwise: ({ attributes, shape }: NodeOf<'elementwise'>, ...inputs) =>
    fill(shape, (index) =>
      runProgram(
        attributes.program,
        inputs.map((input) => input.data[broadcastOffsetOf(input.shape, index)]!),
      ),
    ),
  cast: ({ attributes }, x) => (attributes.to === 'i32' ? x!.data.map(Math.trunc) : x!.data),
  stopGradient: (_node, x) => x!.data,
} satisfies Kernels<Single | 'elementwise' | 'cast' | 'stopGradient'>;
