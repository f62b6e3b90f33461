/** @file The library: subjects with their images and their labels by rater. Changes are undone by the id that each returns. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { contractErrors } from './errors.ts';
import { changeIdSchema, nameSchema, volumeIdSchema } from './ids.ts';

const triple = z.tuple([z.number(), z.number(), z.number()]);

/** What the list shows of a volume; read from its header when it was taken in. */
const volumeFactsSchema = z.object({
  id: volumeIdSchema,
  dims: triple,
  spacingMm: triple,
  /** Where i, j, k point to, e.g. `LPS`. */
  orientation: z.string(),
  timePoints: z.int(),
  sizeBytes: z.int(),
});

export const labelEntrySchema = volumeFactsSchema.extend({
  rater: z.string(),
  /** The image whose grid it is drawn on. */
  image: volumeIdSchema,
});

export const imageEntrySchema = volumeFactsSchema.extend({
  /** What the person calls it, e.g. `T1` or `angiogram`. */
  name: z.string(),
  labels: z.array(labelEntrySchema),
});

export const subjectSchema = z.object({ name: z.string(), images: z.array(imageEntrySchema) });

export const librarySchema = z.object({
  /** Grows with each change; events carry it, so a window knows whether its list is old. */
  revision: z.int(),
  subjects: z.array(subjectSchema),
  /** Names of label values, e.g. 1 → vessel. */
  labelNames: z.record(z.string(), z.string()),
});

/** What was changed, in words for the undo button, e.g. "Removed sub01". */
export const changeSchema = z.object({ id: changeIdSchema, text: z.string() });

const base = oc.errors(contractErrors);

export const libraryContract = {
  list: base.output(librarySchema),
  /** Removes images (with their labels) and labels. The files wait in the project's trash for undo. */
  remove: base.input(z.object({ ids: z.array(volumeIdSchema).min(1) })).output(changeSchema),
  renameSubject: base.input(z.object({ from: z.string(), to: nameSchema })).output(changeSchema),
  nameLabels: base.input(z.object({ names: z.record(z.string(), z.string()) })).output(changeSchema),
  /** Undoes the newest change that is not undone yet; null when there is none. Errors: UNDO_IMPOSSIBLE. */
  undo: base.output(changeSchema.nullable()),
  redo: base.output(changeSchema.nullable()),
};

export type LabelEntry = z.infer<typeof labelEntrySchema>;
export type ImageEntry = z.infer<typeof imageEntrySchema>;
export type LibrarySubject = z.infer<typeof subjectSchema>;
export type Library = z.infer<typeof librarySchema>;
export type Change = z.infer<typeof changeSchema>;
