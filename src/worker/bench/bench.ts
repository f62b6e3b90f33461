/** @file Job "bench": our time and memory against a named peer's, measured in turns in the same run. */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariant } from '../../base/errors.ts';
import { Random } from '../../base/random.ts';
import type { BenchRow, JobOf } from '../../contract/jobs.ts';
import { identityAffine } from '../../imaging/geometry/affine.ts';
import { writeVolume } from '../../imaging/node/save.ts';
import { executorFor } from '../executor.ts';
import type { JobContext } from '../job-context.ts';
import { type Command, Contestant } from './contestant.ts';
import { benchNetworkUnknown } from './errors.ts';
import { type NetworkSize, networkNames } from './networks.ts';
import { findPeer } from './python.ts';
import type { Specification } from './specification.ts';

interface Case {
  readonly name: string;
  readonly spec: Specification;
}

const reference: NetworkSize = { batch: 2, patch: 64, channels: [16, 32, 64, 128] };

/** Around the reference: other patches at its width, other widths at its patch. */
const sweep: readonly NetworkSize[] = [
  { ...reference, patch: 32 },
  { ...reference, patch: 48 },
  { ...reference, patch: 96, batch: 1 },
  { ...reference, channels: [8, 16, 32, 64] },
  { ...reference, channels: [32, 64, 128, 256] },
];

/**
 * Times are medians of `repeat` runs after two warm-up runs; ours and the peer's take turns, each in a fresh process of its own that
 * does nothing else. Memory is the peak resident memory of that whole process, run-time and libraries included.
 *
 * train  forward, backward, Adam; infer  forward of the same batch; load  a compressed 256³ int16 volume to its stored voxels
 * throws BENCH_NETWORK_UNKNOWN, BENCH_PROCESS_FAILED, DEVICE_UNAVAILABLE, Cancelled
 */
export async function bench(job: JobOf<'bench'>, { signal, report }: JobContext): Promise<BenchRow[]> {
  executorFor(job.device);
  const folder = await mkdtemp(join(tmpdir(), 'sagitta-bench-'));
  try {
    const cases = job.what === 'load' ? [await loadingCase(folder)] : networkCases(job);
    const peer = await findPeer(job.what === 'load' ? 'nibabel' : 'torch');
    const rows: BenchRow[] = [];
    for (const [done, entry] of cases.entries()) {
      report({ type: 'progress', task: 'bench', done, total: cases.length });
      rows.push(await duel(entry, { peer, repeat: job.repeat, signal }));
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function networkCases(job: JobOf<'bench'>): Case[] {
  const net = networkNames.find((name) => name === job.net);
  if (net === undefined) throw benchNetworkUnknown({ net: job.net, known: networkNames });
  const what = job.what === 'infer' ? 'infer' : 'train';
  return [reference, ...(job.sweep ? sweep : [])].map((size) => ({
    name: `${what} ${net} ${size.channels.join('-')}, ${size.batch} × ${size.patch}³`,
    spec: { what, net, threads: availableParallelism(), ...size },
  }));
}

/** A compressed volume of 256³ whole numbers: a smooth ramp with noise in the low bits, as scanners give. */
async function loadingCase(folder: string): Promise<Case> {
  const size = 256;
  const random = new Random(1, 'bench');
  const data = new Int16Array(size ** 3).map(
    (_, i) => (i % size) + Math.floor(i / size ** 2) + random.uniform(0, 32),
  );
  const file = join(folder, 'volume.nii.gz');
  await writeVolume(file, {
    data,
    dtype: 'int16',
    dims: [size, size, size],
    timePoints: 1,
    components: 1,
    spacingMm: [1, 1, 1],
    timeStepS: 0,
    rasFromIjk: identityAffine,
    slope: 1,
    intercept: 0,
  });
  return { name: `load ${size}³ int16 .nii.gz`, spec: { what: 'load', file } };
}

async function duel(
  { name, spec }: Case,
  { peer, repeat, signal }: { peer: Command | null; repeat: number; signal: AbortSignal },
): Promise<BenchRow> {
  const ours: Command = {
    who: 'Sagitta',
    file: process.execPath,
    args: [join(import.meta.dirname, 'ours.ts')],
  };
  const contestants = [ours, ...(peer === null ? [] : [peer])].map(
    (command) => new Contestant(command, spec, signal),
  );
  try {
    const ready = [];
    for (const contestant of contestants) ready.push(await contestant.ready());
    const [our, other] = ready;
    invariant(
      other === undefined || other.parameters === our!.parameters,
      `both networks have ${our!.parameters} parameters`,
    );
    const times: number[][] = contestants.map(() => []);
    for (let round = 0; round < repeat; round++) {
      for (const [i, contestant] of contestants.entries()) times[i]!.push(await contestant.measure());
    }
    const peaks = [];
    for (const contestant of contestants) peaks.push(await contestant.finish());
    const [seconds, peerSeconds = null] = times.map(median);
    return {
      name,
      ours: seconds!,
      peer: peerSeconds,
      peerName: other?.peer ?? absentPeer(spec),
      ratio: peerSeconds === null ? null : seconds! / peerSeconds,
      oursPeakBytes: peaks[0]!,
      peerPeakBytes: peaks[1] ?? null,
    };
  } finally {
    for (const contestant of contestants) contestant.kill();
  }
}

function absentPeer({ what }: Specification): string {
  return what === 'load' ? 'no Python with nibabel found' : 'no Python with torch found';
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}
