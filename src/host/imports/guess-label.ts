/** @file A quick look at voxels: is a file of unclear name a label map? */
import { UserError } from '../../base/errors.ts';
import { looksLikeLabels } from '../../imaging/looks-like-labels.ts';
import { readStart } from '../../imaging/node/open.ts';
import type { VoxelData } from '../../imaging/volume.ts';
import type { ProbedVolume } from './probe.ts';

/** The first look, and the second where the first saw nothing but background. */
const lookBytes = [2 << 20, 32 << 20];

/** False for what cannot be read: taking it in will say why. */
export async function guessLabel({ file, header }: ProbedVolume): Promise<boolean> {
  if (header.components > 1 || header.timePoints > 1) return false;
  try {
    for (const bytes of lookBytes) {
      const { data } = await readStart(file, bytes);
      if (!isConstant(data)) return looksLikeLabels(data, header);
    }
    return false;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

function isConstant(data: VoxelData): boolean {
  for (let i = 1; i < data.length; i++) if (data[i] !== data[0]) return false;
  return true;
}
