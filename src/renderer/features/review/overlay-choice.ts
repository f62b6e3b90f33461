/** @file An overlay as a page chooses it: which map, and how it is to be seen. The viewer panel fetches the voxels. */
import type { VolumeId } from '../../../contract/ids.ts';
import type { Overlay } from '../../viewer/types.ts';

export interface OverlayChoice extends Omit<Overlay, 'volume'> {
  readonly id: VolumeId;
}
