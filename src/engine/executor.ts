/** @file What an executor is: it compiles graphs and runs them. Not responsible for learning, data order or files. */
import type { DType, Graph, Shape } from './graph/graph.ts';

export type TensorData = Float32Array | Int32Array;

/** Host copies of tensors by name, in C order of their logical shape `[N, C, …]`. */
export type Tensors = Readonly<Record<string, TensorData>>;

export interface TensorInfo {
  readonly shape: Shape;
  readonly dtype: DType;
}

export interface Executor {
  readonly id: 'reference' | 'cpu' | 'gpu';
  /** One line for people: instruction set, threads. Recorded with each run. */
  readonly description: string;
  open(): Session;
}

/**
 * Holds variables (weights, moments, running statistics) and the programs that share them by name.
 * Calls of one session run one after another; `run` works off the JS thread.
 */
export interface Session {
  /**
   * Compiles a graph. Variables that it names and the session does not know yet are made with their initialiser
   * (`program/initialise.ts`, from `seed`); known ones are shared and must have the same shape.
   */
  compile(graph: Graph, options: { readonly seed: number }): Program;
  /** A copy of a variable, in C order. Throws a BugError for an unknown name. */
  readVariable(name: string): Promise<Float32Array>;
  writeVariable(name: string, values: Float32Array): Promise<void>;
  readonly variables: ReadonlyMap<string, TensorInfo & { readonly trainable: boolean }>;
  /** Bytes held for variables, arenas and scratch, at their largest. */
  readonly peakBytes: number;
  close(): void;
}

export interface Program {
  readonly inputs: ReadonlyMap<string, TensorInfo>;
  readonly outputs: ReadonlyMap<string, TensorInfo>;
  /**
   * One call of the graph: outputs are copied out, updates are applied. Inputs may be reused by the caller once the promise
   * settles. Deterministic: the same inputs and variables give the same bits, for any number of threads.
   */
  run(inputs: Tensors): Promise<Record<string, TensorData>>;
}
