/** @file One update: its batches through the step's programs, and what came out. */
import type { Program, Session, TensorData } from '../engine/executor.ts';
import { trainingStep } from '../engine/optim/step.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Batch } from '../sampling/batch.ts';
import type { Values } from './events.ts';
import { learningRateAt } from './learning-rate.ts';

export interface StepPrograms {
  /** For all batches of an update but the last; null when each batch is an update. */
  readonly gather: Program | null;
  readonly apply: Program;
}

/** Compiles the training graph into programs for whole updates; makes the variables from `seed`. */
export function compileStep(session: Session, recipe: Recipe, seed: number): StepPrograms {
  const { gather, apply } = trainingStep(recipe.graphs.train, recipe.training);
  return {
    gather: gather && session.compile(gather, { seed }),
    apply: session.compile(apply, { seed }),
  };
}

export interface UpdateOptions {
  readonly programs: StepPrograms;
  readonly recipe: Recipe;
  readonly seed: number;
  readonly nextBatch: () => Promise<Batch>;
}

/** Runs the update with index `step` (from 0). Returns the scalar outputs, averaged over the batches of the update. */
export async function runUpdate(step: number, options: UpdateOptions): Promise<Record<string, number>> {
  const { programs, recipe, seed } = options;
  const { accumulate } = recipe.training;
  const learningRate = Float32Array.of(learningRateAt(step, recipe.training));
  const sums: Record<string, number> = {};
  for (let part = 0; part < accumulate; part++) {
    const batch = await options.nextBatch();
    const isLast = part === accumulate - 1;
    const program = isLast ? programs.apply : programs.gather!;
    const key = Int32Array.of(seed | 0, step * accumulate + part);
    const outputs = await program.run(pickInputs(program, { ...batch, key, learningRate }));
    for (const [name, value] of scalars(outputs)) {
      const weight = name === 'gradientNorm' ? 1 : 1 / accumulate;
      sums[name] = (sums[name] ?? 0) + weight * value;
    }
  }
  return sums;
}

/** Only what the program asks for: a graph need not use all that the sampler makes. */
export function pickInputs(
  program: Program,
  offered: Readonly<Record<string, TensorData>>,
): Record<string, TensorData> {
  return Object.fromEntries(Object.entries(offered).filter(([name]) => program.inputs.has(name)));
}

function scalars(outputs: Readonly<Record<string, TensorData>>): [string, number][] {
  return Object.entries(outputs).flatMap(([name, data]) => (data.length === 1 ? [[name, data[0]!]] : []));
}

/** True when training can go on from here. */
export function hasFiniteLoss(values: Values): boolean {
  return [values.loss, values.gradientNorm].every((value) => value === undefined || Number.isFinite(value));
}
