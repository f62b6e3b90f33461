/** @file Devices that can train and predict, and the person's choice among them. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { contractErrors } from './errors.ts';
import { deviceSchema } from './jobs.ts';

export const deviceRowSchema = z.object({
  id: z.string(),
  kind: z.enum(['cpu', 'gpu']),
  name: z.string(),
  memoryBytes: z.number(),
  features: z.array(z.string()),
  gflops: z.number(),
});

/** Kept for the person, not for the project. */
export const preferencesSchema = z.object({
  device: deviceSchema,
  /** Whose name new corrections carry. */
  rater: z.string(),
});

const base = oc.errors(contractErrors);

export const devicesContract = {
  /** Measured by a short worker job the first time. */
  list: base.output(z.array(deviceRowSchema)),
  preferences: base.output(preferencesSchema),
  setPreferences: base.input(preferencesSchema).output(preferencesSchema),
};

export type Preferences = z.infer<typeof preferencesSchema>;
