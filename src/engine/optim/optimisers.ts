/** @file Optimisers as graph fragments, in order of increasing complexity: each turns a weight and its gradient into the next weight. */
import { unreachable } from '../../base/errors.ts';
import type { Tensor } from '../graph/builder.ts';
import { add, broadcastTo, div, expm1, mul, neg, sqrt, sub } from '../graph/functions.ts';

export type OptimiserOptions =
  | {
      readonly kind: 'sgd';
      readonly momentum: number;
      readonly nesterov: boolean;
      readonly weightDecay: number;
    }
  | {
      readonly kind: 'adam' | 'adamw';
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly weightDecay: number;
    };

/** What a rule may use of the step it is part of. */
export interface OptimiserStep {
  /** Learning rate, scalar. */
  readonly learningRate: Tensor;
  /** Number of this update, from 1, scalar. */
  readonly count: Tensor;
  /** A moment of the weight's shape, zero at first; `set` gives its next value. */
  moment(name: string): { readonly value: Tensor; set(next: Tensor): void };
}

type Rule<K extends OptimiserOptions['kind']> = (
  weight: Tensor,
  gradient: Tensor,
  options: Extract<OptimiserOptions, { kind: K }>,
  step: OptimiserStep,
) => Tensor;

/** Stochastic gradient descent with (Nesterov) momentum; weight decay joins the gradient, as PyTorch's SGD without dampening. */
const sgd: Rule<'sgd'> = (weight, gradient, { momentum, nesterov, weightDecay }, step) => {
  const decayed = withDecay(weight, gradient, weightDecay);
  if (momentum === 0) return sub(weight, mul(decayed, step.learningRate));
  const velocity = step.moment('velocity');
  const next = add(mul(velocity.value, momentum), decayed);
  velocity.set(next);
  const direction = nesterov ? add(decayed, mul(next, momentum)) : next;
  return sub(weight, mul(direction, step.learningRate));
};

/** Adam; weight decay joins the gradient. Source: Kingma, Ba 2015, algorithm 1. */
const adam: Rule<'adam' | 'adamw'> = (weight, gradient, options, step) =>
  adamUpdate(weight, withDecay(weight, gradient, options.weightDecay), options, step);

/** Adam with decay on the weight itself. Source: Loshchilov, Hutter 2019, algorithm 2 (the learning rate scales the decay, as PyTorch). */
const adamw: Rule<'adam' | 'adamw'> = (weight, gradient, options, step) => {
  const kept = sub(
    weight,
    mul(weight, broadcastTo(mul(step.learningRate, options.weightDecay), weight.shape)),
  );
  return adamUpdate(options.weightDecay === 0 ? weight : kept, gradient, options, step);
};

const adamUpdate: Rule<'adam' | 'adamw'> = (weight, gradient, { beta1, beta2, epsilon }, step) => {
  const first = step.moment('firstMoment');
  const second = step.moment('secondMoment');
  // m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²
  const m = add(mul(first.value, beta1), mul(gradient, 1 - beta1));
  const v = add(mul(second.value, beta2), mul(mul(gradient, gradient), 1 - beta2));
  first.set(m);
  second.set(v);
  // θ ← θ − η·m̂/(√v̂ + ε),  m̂ = m/(1 − β₁ᵗ),  v̂ = v/(1 − β₂ᵗ)
  const rate = div(step.learningRate, oneMinusPower(beta1, step.count));
  const deviation = div(sqrt(v), sqrt(oneMinusPower(beta2, step.count)));
  return sub(weight, div(mul(m, rate), add(deviation, epsilon)));
};

/** 1 − βᵗ = −expm1(t·ln β): exact also where βᵗ is close to 1. */
function oneMinusPower(beta: number, count: Tensor): Tensor {
  return neg(expm1(mul(count, Math.log(beta))));
}

function withDecay(weight: Tensor, gradient: Tensor, weightDecay: number): Tensor {
  return weightDecay === 0 ? gradient : add(gradient, mul(weight, weightDecay));
}

export function applyOptimiser(
  weight: Tensor,
  gradient: Tensor,
  options: OptimiserOptions,
  step: OptimiserStep,
): Tensor {
  switch (options.kind) {
    case 'sgd':
      return sgd(weight, gradient, options, step);
    case 'adam':
      return adam(weight, gradient, options, step);
    case 'adamw':
      return adamw(weight, gradient, options, step);
    default:
      return unreachable(options);
  }
}
