/** @file Plugins as the window shows them: cards, forms, and what is wrong with one that cannot be used. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { manifestSchema } from '../recipe/manifest.ts';
import { contractErrors, errorReportSchema } from './errors.ts';

export const pluginSchema = z.object({
  manifest: manifestSchema,
  version: z.string(),
  license: z.string(),
  origin: z.enum(['built-in', 'installed']),
  isEnabled: z.boolean(),
});

export const pluginListSchema = z.object({
  plugins: z.array(pluginSchema),
  broken: z.array(z.object({ folder: z.string(), error: errorReportSchema })),
});

const base = oc.errors(contractErrors);

export const pluginsContract = {
  list: base.output(pluginListSchema),
  /** A disabled plugin trains no new runs; runs that exist go on, for they need no plugin. */
  setEnabled: base.input(z.object({ id: z.string(), isEnabled: z.boolean() })).output(pluginListSchema),
};

export type Plugin = z.infer<typeof pluginSchema>;
export type PluginList = z.infer<typeof pluginListSchema>;
