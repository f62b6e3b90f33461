/**
 * @file Exports: what would be written is shown before, what was written after.
 * `GET /exports/file?path=…` answers with a file of the project's `exports/` folder, for a browser to save.
 */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { contractErrors } from './errors.ts';
import { predictionIdSchema, volumeIdSchema } from './ids.ts';

export const exportRequestSchema = z.discriminatedUnion('kind', [
  /** Volumes as NIfTI, copied as they are. */
  z.object({ kind: z.literal('volumes'), ids: z.array(volumeIdSchema).min(1) }),
  /** A table of metrics and volumes per case, as CSV. */
  z.object({ kind: z.literal('table'), prediction: predictionIdSchema }),
  /** The HTML report with pictures. Needs reference labels for at least one case. */
  z.object({ kind: z.literal('report'), prediction: predictionIdSchema }),
]);

export const exportOptionsSchema = z.object({
  request: exportRequestSchema,
  /** Absolute folder on this machine; the project's `exports/` when absent. */
  folder: z.string().optional(),
  /** Subject names are replaced by case-1, case-2, … */
  withoutNames: z.boolean(),
});

export const exportPlanSchema = z.object({
  folder: z.string(),
  files: z.array(z.object({ name: z.string(), sizeBytes: z.number().nullable(), replaces: z.boolean() })),
});

export const exportResultSchema = z.object({
  folder: z.string(),
  files: z.array(
    z.object({
      name: z.string(),
      /** Absolute, for "Show in folder". */
      path: z.string(),
      sizeBytes: z.number(),
      /** For `GET /exports/file`; null when written elsewhere than the project. */
      downloadPath: z.string().nullable(),
    }),
  ),
});

const base = oc.errors(contractErrors);

export const exportsContract = {
  plan: base.input(exportOptionsSchema).output(exportPlanSchema),
  write: base.input(exportOptionsSchema).output(exportResultSchema),
};

export type ExportOptions = z.infer<typeof exportOptionsSchema>;
export type ExportPlan = z.infer<typeof exportPlanSchema>;
export type ExportResult = z.infer<typeof exportResultSchema>;
