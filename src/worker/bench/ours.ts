/**
 * @file Entry of our measuring process. One argument, the specification as JSON. Prints a line {"ready": true, …} after two warm-up
 * runs; answers each line "run" with {"seconds": s}, and "end" with {"peakBytes": b} before it leaves. peer.py does the same.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Random } from '../../base/random.ts';
import { makeCpuExecutor } from '../../engine/executors/cpu/executor.ts';
import { elementCount } from '../../engine/graph/graph.ts';
import { trainingStep } from '../../engine/optim/step.ts';
import { readVolume } from '../../imaging/node/open.ts';
import { imageShape, inferenceGraph, parameterCount, trainingGraph } from './networks.ts';
import type { Ready, Specification } from './specification.ts';

interface Task {
  readonly run: () => Promise<unknown>;
  readonly parameters: number;
}

const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 } as const;

function taskFor(spec: Specification): Task {
  if (spec.what === 'load') return { run: () => readVolume(spec.file), parameters: 0 };
  const session = makeCpuExecutor({ threads: spec.threads }).open();
  const random = new Random(1, 'bench');
  const count = elementCount(imageShape(spec));
  const image = new Float32Array(count).map(() => random.normal(0, 1));
  if (spec.what === 'infer') {
    const graph = inferenceGraph(spec.net, spec);
    const program = session.compile(graph, { seed: 1 });
    return { run: () => program.run({ image }), parameters: parameterCount(graph) };
  }
  const graph = trainingGraph(spec.net, spec);
  const step = trainingStep(graph, { optimiser: adam, clipNorm: null, accumulate: 1, emaDecay: null });
  const program = session.compile(step.apply, { seed: 1 });
  const label = new Float32Array(count).map(() => (random.uniform(0, 1) < 0.1 ? 1 : 0));
  const learningRate = new Float32Array([1e-3]);
  return { run: () => program.run({ image, label, learningRate }), parameters: parameterCount(graph) };
}

/** Peak resident memory of this process. On Linux VmHWM, which starts at this program; maxRSS may hold that of the parent at the fork. */
function peakBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  const line = readFileSync('/proc/self/status', 'utf8').match(/^VmHWM:\s*(\d+) kB$/m);
  return line === null ? process.resourceUsage().maxRSS * 1024 : Number(line[1]) * 1024;
}

function say(message: Ready | { seconds: number } | { peakBytes: number }): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

const { run, parameters } = taskFor(JSON.parse(process.argv[2]!) as Specification);
for (let i = 0; i < 2; i++) await run();
say({ ready: true, parameters });
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'end') break;
  const started = performance.now();
  await run();
  say({ seconds: (performance.now() - started) / 1000 });
}
say({ peakBytes: peakBytes() });
