/** @file Names of things that cross the contract. Ids are strings that only the host makes; the window hands them back as they are. */
import { z } from 'zod';

/** A volume of the open project: its path within the project, with forward slashes, e.g. `subjects/sub01/images/T1.nii.gz`. */
export const volumeIdSchema = z.string().min(1).max(1024).brand<'VolumeId'>();
export const jobIdSchema = z.string().min(1).max(128).brand<'JobId'>();
/** Name of the run's folder in `runs/`. */
export const runIdSchema = z.string().min(1).max(128).brand<'RunId'>();
/** Name of the prediction's folder in `predictions/`. */
export const predictionIdSchema = z.string().min(1).max(128).brand<'PredictionId'>();
export const importIdSchema = z.string().min(1).max(128).brand<'ImportId'>();
export const changeIdSchema = z.string().min(1).max(128).brand<'ChangeId'>();

export type VolumeId = z.infer<typeof volumeIdSchema>;
export type JobId = z.infer<typeof jobIdSchema>;
export type RunId = z.infer<typeof runIdSchema>;
export type PredictionId = z.infer<typeof predictionIdSchema>;
export type ImportId = z.infer<typeof importIdSchema>;
export type ChangeId = z.infer<typeof changeIdSchema>;

/** A name that a person gives: a subject, a rater, a run. Letters, digits, space, dot, dash, underscore: safe as a file name everywhere. */
export const nameSchema = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u, 'use letters, digits, spaces, dots, dashes and underscores');

/** ISO 8601, UTC. */
export const timestampSchema = z.string();
