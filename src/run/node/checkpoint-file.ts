/** @file One checkpoint on disk: a .safetensors file with its own SHA-256, written whole or not at all. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../../base/node/atomic-write.ts';
import { type Checkpoint, checkpointStateSchema, type NamedTensor } from '../checkpoint.ts';
import { checkpointDamaged } from '../errors.ts';
import { decodeHeader, encodeHeader } from '../safetensors.ts';

const noHash = '0'.repeat(64);

/** Writes a checkpoint; tensors in the order of their names, so that equal states are equal bytes. */
export async function writeCheckpointFile(file: string, { state, tensors }: Checkpoint): Promise<void> {
  const sorted = new Map([...tensors].sort(([a], [b]) => (a < b ? -1 : 1)));
  const metadata = { format: 'sagitta-checkpoint', state: JSON.stringify(state), sha256: noHash };
  const bodies = [...sorted.values()].map(({ values }) => bytesOf(values));
  const sha256 = hashOf(encodeHeader(sorted, metadata), bodies);
  await writeFileAtomic(file, [encodeHeader(sorted, { ...metadata, sha256 }), ...bodies]);
}

/** Reads and checks a checkpoint. Throws CHECKPOINT_DAMAGED; errors of the file system pass through. */
export async function readCheckpointFile(file: string): Promise<Checkpoint> {
  const bytes = new Uint8Array(await readFile(file));
  const header = decodeHeader(bytes, bytes.length);
  if ('problem' in header) throw checkpointDamaged({ file, problem: header.problem });
  const { sha256 = '', state = '' } = header.metadata;
  const unsigned = new TextEncoder().encode(header.text.replace(sha256, noHash));
  const body = bytes.subarray(header.dataStart);
  const found = hashOf(Buffer.concat([bytes.subarray(0, 8), unsigned]), [body]);
  if (sha256.length !== 64 || found !== sha256)
    throw checkpointDamaged({ file, problem: 'its bytes do not match its SHA-256' });
  const parsed = checkpointStateSchema.safeParse(JSON.parse(state));
  if (!parsed.success)
    throw checkpointDamaged({
      file,
      problem: `its state is not one of this version (${parsed.error.issues[0]?.message})`,
    });
  const tensors = new Map<string, NamedTensor>();
  for (const [name, { shape, start, end }] of header.entries) {
    // Copied: a tensor may begin at any multiple of four, and the file's buffer should not stay alive.
    tensors.set(name, { shape, values: new Float32Array(body.slice(start, end).buffer) });
  }
  return { state: parsed.data, tensors };
}

/** SHA-256 (hex) over names and values in the order of names: equal for equal weights, whatever the file. */
export function weightsSha256(tensors: ReadonlyMap<string, NamedTensor>): string {
  const hash = createHash('sha256');
  for (const [name, { values }] of [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}\0`);
    hash.update(bytesOf(values));
  }
  return hash.digest('hex');
}

function hashOf(header: Uint8Array, bodies: readonly Uint8Array[]): string {
  const hash = createHash('sha256').update(header);
  for (const body of bodies) hash.update(body);
  return hash.digest('hex');
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
