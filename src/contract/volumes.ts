/**
 * @file Volumes for the viewer: facts as JSON, voxels as bytes.
 *
 * `GET /volumes/voxels?id=…&t=…` answers with the stored voxels of one time point (all components), x fastest, little-endian, in
 * the type that `describe` names; 64-bit types come as float64. value = stored · slope + intercept.
 * `PUT /volumes/label?image=…&rater=…` takes uint8 or uint16 voxels (`content-type: application/x-uint8` or `-uint16`) on the grid of
 * that image, keeps them as that rater's label map, and answers with the JSON of a {@link Change}.
 */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { contractErrors } from './errors.ts';
import { volumeIdSchema } from './ids.ts';

const triple = z.tuple([z.number(), z.number(), z.number()]);
const row = z.tuple([z.number(), z.number(), z.number(), z.number()]);

export const voxelTypes = [
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'float32',
  'float64',
] as const;

export const volumeDescriptionSchema = z.object({
  id: volumeIdSchema,
  /** File name, for titles. */
  name: z.string(),
  format: z.string(),
  dims: triple,
  spacingMm: triple,
  /** 4×4, RAS+ millimetres from voxel indices. */
  rasFromIjk: z.tuple([row, row, row, row]),
  orientation: z.string(),
  /** Of the bytes that are sent. */
  dtype: z.enum(voxelTypes),
  slope: z.number(),
  intercept: z.number(),
  timePoints: z.int(),
  timeStepS: z.number(),
  components: z.int(),
  componentKind: z.enum(['colour', 'complex', 'vector']).nullable(),
  sizeBytes: z.int(),
  /** Of finite scaled values of the first time point; null when there is none. */
  range: z.tuple([z.number(), z.number()]).nullable(),
  /** Window to begin with: the 1st to the 99.5th percentile of voxels that are not background, scaled. */
  window: z.tuple([z.number(), z.number()]).nullable(),
  /** Whether it holds whole numbers only and few of them, as label maps do. */
  looksLikeLabels: z.boolean(),
});

const base = oc.errors(contractErrors);

export const volumesContract = {
  /** Errors: VOLUME_UNKNOWN, NIFTI_…. */
  describe: base.input(z.object({ id: volumeIdSchema })).output(volumeDescriptionSchema),
};

export type VolumeInfo = z.infer<typeof volumeDescriptionSchema>;
export type VoxelTypeName = (typeof voxelTypes)[number];
