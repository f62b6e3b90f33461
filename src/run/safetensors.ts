/**
 * @file The safetensors container: eight bytes of header length, a JSON header, raw little-endian numbers. Holds data, never code.
 * Source: the format description of huggingface/safetensors. Only float32 tensors are written and read here.
 */
import { z } from 'zod';
import type { NamedTensor } from './checkpoint.ts';

/** More than any checkpoint of ours needs; checked before the header is read. */
const maxHeaderBytes = 64 * 2 ** 20;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

export interface SafetensorsHeader {
  readonly text: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: ReadonlyMap<
    string,
    { readonly shape: number[]; readonly start: number; readonly end: number }
  >;
  /** Bytes before the first tensor. */
  readonly dataStart: number;
}

/** The header as bytes (length included), padded so that tensors begin at a multiple of eight. Tensors lie in the map's order. */
export function encodeHeader(
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let offset = 0;
  const entries = [...tensors].map(([name, { shape, values }]) => {
    const start = offset;
    offset += values.byteLength;
    return [name, { dtype: 'F32', shape, data_offsets: [start, offset] }] as const;
  });
  const text = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const body = new TextEncoder().encode(text);
  const padded = Math.ceil(body.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(body, 8);
  return bytes;
}

/** Reads a header from the beginning of a file. Returns the problem, in words, when it is not one or does not fit the file. */
export function decodeHeader(bytes: Uint8Array, fileBytes: number): SafetensorsHeader | { problem: string } {
  if (bytes.length < 8) return { problem: `the file holds ${fileBytes} bytes, fewer than a header` };
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > maxHeaderBytes || 8 + length > fileBytes)
    return { problem: `the header promises ${length} bytes, the file holds ${fileBytes}` };
  if (bytes.length < 8 + length) return { problem: 'the header ends early' };
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  const parsed = parseJson(text);
  if (typeof parsed !== 'object' || parsed === null) return { problem: 'the header is not JSON' };
  const { __metadata__: rawMetadata, ...rawEntries } = parsed as Record<string, unknown>;
  const metadata = z.record(z.string(), z.string()).safeParse(rawMetadata ?? {});
  const entries = z.record(z.string(), entrySchema).safeParse(rawEntries);
  if (!metadata.success || !entries.success) return { problem: 'the header does not list tensors' };
  const found = new Map<string, { shape: number[]; start: number; end: number }>();
  for (const [
    name,
    {
      dtype,
      shape,
      data_offsets: [start, end],
    },
  ] of Object.entries(entries.data)) {
    const expected = 4 * shape.reduce((all, size) => all * size, 1);
    if (dtype !== 'F32') return { problem: `tensor "${name}" is ${dtype}, expected F32` };
    if (end - start !== expected || 8 + length + end > fileBytes)
      return { problem: `tensor "${name}" needs ${expected} bytes at ${start}, beyond what the file holds` };
    found.set(name, { shape, start, end });
  }
  return { text, metadata: metadata.data, entries: found, dataStart: 8 + length };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
