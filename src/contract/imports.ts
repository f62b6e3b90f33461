/**
 * @file Taking data in, in three steps: files arrive, the host says what it understood, the person takes it (perhaps corrected).
 * A browser sends bytes (`PUT /imports/file?id=…&path=…`, body as is); the desktop shell sends paths.
 */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { contractErrors, errorReportSchema } from './errors.ts';
import { importIdSchema, nameSchema } from './ids.ts';
import { changeSchema } from './library.ts';

const triple = z.tuple([z.number(), z.number(), z.number()]);

/** One file that was understood, and where it would go. The person may change subject, name, role and rater. */
export const importItemSchema = z.object({
  /** Path as dropped, with forward slashes. */
  path: z.string(),
  role: z.enum(['image', 'label']),
  subject: nameSchema,
  /** Of the image, or of the image that the label is drawn on. */
  name: nameSchema,
  /** For labels. */
  rater: nameSchema.optional(),
  dims: triple,
  spacingMm: triple,
  orientation: z.string(),
  timePoints: z.int(),
  dtype: z.string(),
  format: z.string(),
  sizeBytes: z.int(),
  /** Things to know that do not stop it, e.g. "Label without an image of its grid". */
  warnings: z.array(z.string()),
});

export const importProposalSchema = z.object({
  id: importIdSchema,
  /** What the whole looks like, in words: "nnU-Net data set, 12 subjects". */
  summary: z.string(),
  items: z.array(importItemSchema),
  /** Files that cannot be taken in, and why. */
  refused: z.array(z.object({ path: z.string(), error: errorReportSchema })),
  labelNames: z.record(z.string(), z.string()),
});

const base = oc.errors(contractErrors);

export const importsContract = {
  /** Starts an import to which a browser then sends files. */
  begin: base.output(z.object({ id: importIdSchema })),
  /** Starts an import of files and folders on this machine. Nothing is copied before it is taken. */
  beginWithPaths: base
    .input(z.object({ paths: z.array(z.string()).min(1) }))
    .output(z.object({ id: importIdSchema })),
  /** Reads headers only, so it is quick. */
  inspect: base.input(z.object({ id: importIdSchema })).output(importProposalSchema),
  /** Copies the items into the project, all or none. Errors: IMPORT_NAME_TAKEN, IMPORT_GRIDS_DIFFER. */
  take: base
    .input(
      z.object({
        id: importIdSchema,
        items: z.array(
          importItemSchema.pick({ path: true, role: true, subject: true, name: true, rater: true }),
        ),
      }),
    )
    .output(changeSchema),
  discard: base.input(z.object({ id: importIdSchema })).output(z.void()),
};

export type ImportItem = z.infer<typeof importItemSchema>;
export type ImportProposal = z.infer<typeof importProposalSchema>;
