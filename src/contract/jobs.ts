/** @file Jobs: what the host asks of a worker process, and what comes back. Plain data; names of files, never voxels. */
import { z } from 'zod';
import type { Fingerprint } from '../recipe/fingerprint.ts';

/** Names a device; whether it is there is known to the worker. */
export const deviceSchema = z.string().regex(/^(auto|cpu|reference|gpu(:\d+)?)$/);

/** What this build has an executor for. */
export const builtDevices: readonly string[] = ['auto', 'cpu'];

/** One subject to segment: its volumes by channel, and the label map to judge by where there is one. */
const predictCaseSchema = z.strictObject({
  /** Begins the names of the files that are written; unlike that of any other case. */
  stem: z.string().min(1),
  images: z.array(z.string()).min(1),
  reference: z.string().optional(),
});

export const jobSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('train'),
    /** The run folder; recipe.json lies in it already. */
    run: z.string(),
    data: z.string(),
    seed: z.int().min(0).max(0xffffffff),
    device: deviceSchema,
    resume: z.boolean(),
    maxSteps: z.int().min(1).optional(),
  }),
  /** Of a data folder or a list of subjects. */
  z.strictObject({ kind: z.literal('fingerprint'), data: z.string() }),
  z.strictObject({
    kind: z.literal('predict'),
    run: z.string(),
    /** Volume files; those of one subject are told by their names (`case_0000`, `case_0001`). */
    inputs: z.array(z.string()).min(1).optional(),
    /** In place of `inputs`, where it is known what belongs together. */
    cases: z.array(predictCaseSchema).min(1).optional(),
    out: z.string(),
    device: deviceSchema,
  }),
  z.strictObject({
    kind: z.literal('evaluate'),
    prediction: z.string(),
    reference: z.string(),
    /** Names from the evaluation table; absent for the standard set. */
    metrics: z.array(z.string()).optional(),
  }),
  z.strictObject({
    kind: z.literal('phantom'),
    out: z.string(),
    count: z.int().min(1).max(10_000),
    seed: z.int().min(0).max(0xffffffff),
    size: z.int().min(32).max(512),
    raters: z.int().min(1).max(5),
    oblique: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('report'),
    run: z.string(),
    /** One row a held-out case: files and the numbers of `evaluate`. */
    cases: z.array(
      z.strictObject({
        name: z.string(),
        image: z.string(),
        reference: z.string(),
        prediction: z.string(),
        metrics: z.record(z.string(), z.number().nullable()),
      }),
    ),
    out: z.string(),
    title: z.string(),
  }),
  z.strictObject({
    kind: z.literal('bench'),
    what: z.enum(['train', 'infer', 'load']),
    net: z.string(),
    sweep: z.boolean(),
    device: deviceSchema,
    repeat: z.int().min(1),
  }),
  z.strictObject({ kind: z.literal('devices') }),
]);

export type Job = z.infer<typeof jobSchema>;
export type JobKind = Job['kind'];
export type JobOf<K extends JobKind> = Extract<Job, { kind: K }>;

/** What a finished job returns, as the command line prints it with `--json`. */
export interface JobResults {
  train: { run: string; steps: number; metrics: Record<string, number | null>; weightsSha256: string };
  fingerprint: Fingerprint;
  predict: { outputs: string[] };
  evaluate: Record<string, unknown>;
  phantom: { outputs: string[] };
  report: { outputs: string[] };
  bench: BenchRow[];
  devices: DeviceRow[];
}

export interface BenchRow {
  readonly name: string;
  /** Seconds, medians. */
  readonly ours: number;
  readonly peer: number | null;
  readonly peerName: string;
  readonly ratio: number | null;
  readonly oursPeakBytes: number;
  readonly peerPeakBytes: number | null;
}

export interface DeviceRow {
  readonly id: string;
  readonly kind: 'cpu' | 'gpu';
  readonly name: string;
  readonly memoryBytes: number;
  readonly features: readonly string[];
  /** Measured speed of a 3-D convolution. */
  readonly gflops: number;
}
