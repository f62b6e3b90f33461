/** @file How volumes are prepared before a network sees them; the values applied are kept with each prediction so that it can be undone. */
import { z } from 'zod';

export const normalisationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /** Maps the low and high percentile (0-100) of the volume to 0 and 1; values beyond are clipped. */
  z.strictObject({
    kind: z.literal('percentile'),
    low: z.number().min(0).max(100),
    high: z.number().min(0).max(100),
  }),
  /** Subtract the mean, divide by the standard deviation of the volume. */
  z.strictObject({ kind: z.literal('zScore') }),
  /** Minimum to 0, maximum to 1. */
  z.strictObject({ kind: z.literal('minMax') }),
  /** Divides each patch by its own maximum when it is cut; the volume is left as it is. */
  z.strictObject({ kind: z.literal('patchMax') }),
]);

export const preparationSchema = z.strictObject({
  /** 'RAS': axes are permuted and flipped to the closest RAS order first. 'asIs': left in file order. */
  orientation: z.enum(['RAS', 'asIs']),
  /** Resample to this spacing along i, j, k (after reorientation); null keeps each volume's own. */
  spacingMm: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]).nullable(),
  normalisation: normalisationSchema,
});

export type Normalisation = z.infer<typeof normalisationSchema>;
export type Preparation = z.infer<typeof preparationSchema>;
