/** @file The manifest: what a plugin says of itself in the `sagitta` block of its package.json. */
import { z } from 'zod';
import { manifestInvalid } from './errors.ts';
import { settingsSchema } from './settings.ts';

/** The SDK generation that this build of Sagitta offers. */
export const apiVersion = 1;

export const manifestSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,63}$/),
  name: z.string().min(1),
  /** One sentence for the plugin's card. */
  summary: z.string().min(1),
  task: z.enum(['segmentation']),
  apiVersion: z.int().min(1),
  /** What data it needs, in words, for the card. */
  needs: z.string().min(1),
  citation: z.array(z.strictObject({ text: z.string(), url: z.string().optional() })),
  /** The bundled or TypeScript entry, relative to the plugin's folder, with a default export `define(settings, fingerprint)`. */
  entry: z.string(),
  settings: settingsSchema,
  /** Named choices of settings; 'defaultPreset' is used when none is named. */
  presets: z.record(
    z.string(),
    z.strictObject({
      label: z.string(),
      help: z.string(),
      settings: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])),
    }),
  ),
  defaultPreset: z.string(),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** Parses the package.json of a plugin; `version` and `license` come from npm's own fields. Throws MANIFEST_INVALID. */
export function parseManifest(
  packageJson: unknown,
  file: string,
): { manifest: Manifest; version: string; license: string } {
  const schema = z.object({ version: z.string(), license: z.string(), sagitta: manifestSchema });
  const parsed = schema.safeParse(packageJson);
  if (!parsed.success) {
    const issues = parsed.error.issues
      .slice(0, 5)
      .map((issue) => `${issue.path.join('.') || 'package.json'}: ${issue.message}`);
    throw manifestInvalid({ file, issues });
  }
  const { sagitta, version, license } = parsed.data;
  if (sagitta.apiVersion > apiVersion) {
    throw manifestInvalid({
      file,
      issues: [
        `sagitta.apiVersion: ${sagitta.apiVersion} is newer than this Sagitta's ${apiVersion}; update Sagitta`,
      ],
    });
  }
  if (!Object.hasOwn(sagitta.presets, sagitta.defaultPreset)) {
    throw manifestInvalid({
      file,
      issues: [`sagitta.defaultPreset: there is no preset "${sagitta.defaultPreset}"`],
    });
  }
  return { manifest: sagitta, version, license };
}
