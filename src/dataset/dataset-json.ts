/** @file dataset.json of nnU-Net, versions 1 and 2: names of channels and label values. */
import { z } from 'zod';

const v2 = z.object({
  channel_names: z.record(z.string(), z.string()),
  /** A region (list of values) is named by its first. */
  labels: z.record(z.string(), z.union([z.int(), z.array(z.int()).min(1)])),
});

const v1 = z.object({
  modality: z.record(z.string(), z.string()),
  labels: z.record(z.string(), z.string()),
});

export interface DatasetJson {
  readonly channels: readonly string[];
  readonly labelNames: Readonly<Record<number, string>>;
}

/** Reads the parts that matter here; undefined when it is neither version. */
export function parseDatasetJson(value: unknown): DatasetJson | undefined {
  const second = v2.safeParse(value);
  if (second.success) {
    const labels = Object.entries(second.data.labels).map(
      ([name, number]) => [Array.isArray(number) ? number[0]! : number, name] as const,
    );
    return { channels: inOrder(second.data.channel_names), labelNames: Object.fromEntries(labels) };
  }
  const first = v1.safeParse(value);
  if (!first.success) return undefined;
  return { channels: inOrder(first.data.modality), labelNames: first.data.labels };
}

function inOrder(names: Readonly<Record<string, string>>): string[] {
  return Object.entries(names)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, name]) => name);
}
