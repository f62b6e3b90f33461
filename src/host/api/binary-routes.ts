/** @file Routes whose bodies are bytes: voxels, corrections, files of an import, pictures, exports. Described in the contract's areas. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Cancelled } from '../../base/cancel.ts';
import { paths } from '../../contract/contract.ts';
import {
  type ImportId,
  importIdSchema,
  type RunId,
  runIdSchema,
  type VolumeId,
  volumeIdSchema,
} from '../../contract/ids.ts';
import { bodySizeDiffers, callMalformed } from '../errors.ts';
import type { Bytes, Services } from '../services.ts';
import { sendJson } from './json.ts';

export type Handler = (call: {
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
}) => Promise<void>;

export interface Route {
  readonly method: 'GET' | 'PUT';
  readonly handle: Handler;
}

/** By path. */
export function binaryRoutes(services: Services): ReadonlyMap<string, Route> {
  const project = () => services.current();
  const routes = new Map<string, Route>();
  const add = (method: Route['method'], path: string, handle: Handler) =>
    routes.set(path, { method, handle });
  add('GET', paths.voxels, async ({ response, query }) => {
    const id = parsed(query, 'id', volumeIdSchema) as VolumeId;
    const bytes = await project().volumes.voxels(id, whole(query, 't', 0));
    await send(response, bytes, { 'content-type': 'application/octet-stream' });
  });
  add('PUT', paths.label, async ({ request, response, query }) => {
    const image = parsed(query, 'image', volumeIdSchema) as VolumeId;
    const rater = text(query, 'rater');
    const bytesPerVoxel = voxelBytes(request.headers['content-type']);
    const { dims } = await project().volumes.describe(image);
    const body = await readExactly(request, dims[0] * dims[1] * dims[2] * bytesPerVoxel);
    const voxels = bytesPerVoxel === 1 ? body : new Uint16Array(body.buffer);
    sendJson(response, 200, await project().volumes.saveLabel({ image, rater, voxels }));
  });
  add('PUT', paths.importFile, async ({ request, response, query }) => {
    const id = parsed(query, 'id', importIdSchema) as ImportId;
    await project().imports.receive(id, { path: text(query, 'path'), body: bodyOf(request) });
    response.writeHead(204).end();
  });
  add('GET', paths.runPicture, async ({ response, query }) => {
    const run = parsed(query, 'run', runIdSchema) as RunId;
    const bytes = await project().runs.picture(run, whole(query, 'epoch'));
    await send(response, bytes, { 'content-type': 'image/png' });
  });
  add('GET', paths.exportFile, async ({ response, query }) => {
    const file = await project().exports.file(text(query, 'path'));
    // Always saved, never shown: an exported report would otherwise run as one of our pages.
    await send(response, file, {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename*=UTF-8''${headerText(file.name)}`,
    });
  });
  return routes;
}

/** As RFC 8187 wants it: any character is safe in a header. */
function headerText(text: string): string {
  const hex = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/['()*]/g, hex);
}

async function send(response: ServerResponse, bytes: Bytes, headers: Record<string, string>): Promise<void> {
  response.writeHead(200, { ...headers, 'content-length': bytes.sizeBytes, 'cache-control': 'no-store' });
  await pipeline(bytes.stream, response);
}

/**
 * The body as a stream of its own: whoever reads it may give up, and the connection stays, to say why. The rest is then read and
 * thrown away.
 */
function bodyOf(request: IncomingMessage): Readable {
  const body = new PassThrough();
  request.once('close', () => {
    if (!request.complete) body.destroy(new Cancelled());
  });
  // What is left of the request is read by the server itself once it is answered.
  body.once('close', () => request.unpipe(body));
  return request.pipe(body);
}

function text(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null || value === '') throw callMalformed({ field: name, problem: 'is missing' });
  return value;
}

function parsed(
  query: URLSearchParams,
  name: string,
  schema: { safeParse(value: unknown): { success: boolean } },
): string {
  const value = text(query, name);
  if (!schema.safeParse(value).success) throw callMalformed({ field: name, problem: 'is not an id' });
  return value;
}

function whole(query: URLSearchParams, name: string, fallback?: number): number {
  const value = query.get(name);
  if (value === null && fallback !== undefined) return fallback;
  if (value === null || !/^\d{1,9}$/.test(value))
    throw callMalformed({ field: name, problem: 'is not a whole number from 0' });
  return Number(value);
}

function voxelBytes(contentType: string | undefined): 1 | 2 {
  if (contentType === 'application/x-uint8') return 1;
  if (contentType === 'application/x-uint16') return 2;
  throw callMalformed({
    field: 'content-type',
    problem: 'is neither application/x-uint8 nor application/x-uint16',
  });
}

/** The whole body in memory of its own, refused as soon as it is known to be of another size. */
async function readExactly(request: IncomingMessage, sizeBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const said = Number(request.headers['content-length'] ?? Number.NaN);
  if (said !== sizeBytes) throw bodySizeDiffers({ expectedBytes: sizeBytes, foundBytes: said });
  const body = new Uint8Array(sizeBytes);
  let filled = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (filled + chunk.length > sizeBytes)
      throw bodySizeDiffers({ expectedBytes: sizeBytes, foundBytes: filled + chunk.length });
    body.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled !== sizeBytes) throw bodySizeDiffers({ expectedBytes: sizeBytes, foundBytes: filled });
  return body;
}
