/** @file How weights begin: the usual rules, as plain data that the engine draws from the run's seed and the variable's name. */
import { elementCount, type Initialiser, type Shape } from '../engine/graph/graph.ts';

export function zeros(): Initialiser {
  return { kind: 'constant', value: 0 };
}

export function ones(): Initialiser {
  return { kind: 'constant', value: 1 };
}

/** Inputs that one output sums over, for a convolution weight [O, C/groups, …kernel]. */
export function fanIn(weight: Shape): number {
  return elementCount(weight.slice(1));
}

/**
 * Uniform in ±1/√fanIn: what PyTorch gives convolutions and their biases by default
 * (Kaiming uniform with a = √5; He et al. 2015 for the rule).
 */
export function kaimingUniform(fan: number): Initialiser {
  const bound = 1 / Math.sqrt(fan);
  return { kind: 'uniform', low: -bound, high: bound };
}

/** Normal with variance 2 / ((1 + slope²)·fanIn), which keeps variances through (leaky) ReLUs. Source: He et al. 2015, eq. 15. */
export function kaimingNormal(fan: number, slope = 0): Initialiser {
  return { kind: 'normal', mean: 0, deviation: Math.sqrt(2 / ((1 + slope * slope) * fan)) };
}

/** Uniform in ±√(6 / (fanIn + fanOut)). Source: Glorot and Bengio 2010, eq. 16. */
export function xavierUniform(fan: number, fanOut: number): Initialiser {
  const bound = Math.sqrt(6 / (fan + fanOut));
  return { kind: 'uniform', low: -bound, high: bound };
}
