/** @file `sagitta convert`: one volume format to another. */
import { convertFile } from '../../host/volumes/volume-files.ts';
import type { Command } from '../command.ts';

export const convert: Command = {
  name: 'convert',
  summary: 'Convert a volume: NIfTI pairs, compressed or not, any scalar type.',
  usage: 'IN OUT',
  positionals: { min: 2, max: 2 },
  options: {},
  examples: ['sagitta convert brain.hdr brain.nii.gz', 'sagitta convert scan.nii.gz scan.nii'],
  async run({ positionals }, { output, signal }) {
    const outputs = await convertFile(positionals[0]!, positionals[1]!, signal);
    if (!output.json) output.line(`Wrote ${outputs.join(', ')}`);
    return { outputs };
  },
};
