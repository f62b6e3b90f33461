/** @file `sagitta info`: what a volume file holds. */
import { describeFile } from '../../host/volumes/volume-files.ts';
import type { Command } from '../command.ts';
import { table } from '../table.ts';

export const info: Command = {
  name: 'info',
  summary: 'Show what volume files hold: size, spacing, orientation, values.',
  usage: 'FILE…',
  positionals: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {},
  examples: ['sagitta info brain.nii.gz', 'sagitta info *.nii.gz --json'],
  async run({ positionals }, { output, signal }) {
    const descriptions = [];
    for (const file of positionals) {
      const description = await describeFile(file, signal);
      descriptions.push(description);
      if (output.json) continue;
      const { dims, spacingMm, timePoints, affine } = description;
      output.line(
        table([
          ['File', file],
          ['Format', description.format],
          ['Voxels', dims.join(' × ') + (timePoints > 1 ? `, ${timePoints} time points` : '')],
          ['Spacing', `${spacingMm.map(shortNumber).join(' × ')} mm`],
          ['Type', description.dtype],
          ['Orientation', description.orientation],
          [
            'Values',
            `${shortNumber(description.min)} to ${shortNumber(description.max)}, mean ${shortNumber(description.mean)}`,
          ],
          ...affine
            .slice(0, 3)
            .map((row, i) => [
              i === 0 ? 'Affine (RAS+ mm)' : '',
              row.map((x) => shortNumber(x).padStart(10)).join(''),
            ]),
        ]),
      );
      output.line('');
    }
    return descriptions;
  },
};

/** "–" where no voxel has a finite value. */
function shortNumber(value: number | null): string {
  return value === null ? '–' : String(Number(value.toPrecision(5)));
}
