/** @file Bodies that are bytes: voxels in, label maps out, dropped files out. Their routes are described in the contract's volumes and imports. */
import { paths } from '../../contract/contract.ts';
import { errorReportSchema } from '../../contract/errors.ts';
import type { ImportId, RunId, VolumeId } from '../../contract/ids.ts';
import { type Change, changeSchema } from '../../contract/library.ts';
import type { VoxelTypeName } from '../../contract/volumes.ts';
import { definedFields, HostError } from './errors.ts';

const arrays = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const satisfies Record<VoxelTypeName, unknown>;

export type VoxelArray = InstanceType<(typeof arrays)[VoxelTypeName]>;

function address(path: string, query: Record<string, string>): URL {
  const url = new URL(path, location.href);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  const parsed = errorReportSchema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) throw new HostError(definedFields(parsed.data));
  throw new HostError({
    code: 'HOST_REFUSED',
    message: `The host answered ${response.status} ${response.statusText}.`,
  });
}

/** Stored voxels of one time point as a typed array over the body's own bytes. */
export async function fetchVoxels(
  { id, dtype, timePoint }: { id: VolumeId; dtype: VoxelTypeName; timePoint: number },
  signal?: AbortSignal,
): Promise<VoxelArray> {
  const url = address(paths.voxels, { id, t: String(timePoint) });
  const response = await checked(await fetch(url, signal === undefined ? {} : { signal }));
  return new arrays[dtype](await response.arrayBuffer());
}

/** Keeps corrected voxels (on the grid of `image`) as the rater's label map. */
export async function saveLabel(label: {
  image: VolumeId;
  rater: string;
  voxels: Uint8Array<ArrayBuffer>;
}): Promise<Change> {
  const response = await fetch(address(paths.label, { image: label.image, rater: label.rater }), {
    method: 'PUT',
    headers: { 'content-type': 'application/x-uint8' },
    body: label.voxels,
  });
  return changeSchema.parse(await (await checked(response)).json());
}

/** Sends one dropped file; `path` is relative, as dropped. */
export async function sendImportFile(
  { id, path, file }: { id: ImportId; path: string; file: Blob },
  signal?: AbortSignal,
): Promise<void> {
  const response = await fetch(address(paths.importFile, { id, path }), {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
    ...(signal !== undefined && { signal }),
  });
  await checked(response);
}

/** Address of an epoch's validation picture, for an `<img>`. */
export function runPictureUrl(run: RunId, epoch: number): string {
  return address(paths.runPicture, { run, epoch: String(epoch) }).toString();
}

/** Address of an exported file, for a link that saves it. */
export function exportFileUrl(path: string): string {
  return address(paths.exportFile, { path }).toString();
}
