/** @file A volume of the project as the viewer wants it: facts now, voxels when asked for. */
import type { VolumeId } from '../../contract/ids.ts';
import { fetchVoxels } from '../client/binary.ts';
import { host } from '../client/client.ts';
import type { ViewerVolume } from './types.ts';

export async function openVolume(id: VolumeId, signal?: AbortSignal): Promise<ViewerVolume> {
  const info = await host.volumes.describe({ id }, signal === undefined ? {} : { signal });
  return {
    ...info,
    unit: '',
    loadVoxels: (timePoint, abort) => fetchVoxels({ id, dtype: info.dtype, timePoint }, abort),
  };
}
