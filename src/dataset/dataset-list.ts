/** @file A data set as a list in a JSON file: exactly these subjects, wherever their files lie. Written beside a run by the host. */
import { z } from 'zod';
import { datasetListInvalid } from './errors.ts';
import { type Dataset, ratersOf, type Subject } from './subject.ts';

/** Movable with the files it names: `../subjects/a/T1.nii.gz`, never `/home/…` or `C:\…`. */
const relativePath = z
  .string()
  .min(1)
  .refine((path) => !/^[/\\]|^[a-z]:/i.test(path), 'a path relative to this file is expected');

const datasetListSchema = z.object({
  version: z.literal(1),
  channels: z.array(z.string()).min(1),
  labelNames: z.record(z.string().regex(/^\d+$/), z.string()),
  subjects: z
    .array(
      z.object({
        id: z.string().min(1),
        /** One per channel, in their order. */
        images: z.array(relativePath),
        /** By rater. */
        labels: z.record(z.string().min(1), relativePath),
      }),
    )
    .min(1),
});

export type DatasetList = z.infer<typeof datasetListSchema>;

/** `file` is for errors; paths in the result are the list's own (relative). Throws DATASET_LIST_INVALID. */
export function parseDatasetList(value: unknown, file: string): Omit<Dataset, 'folder'> {
  const parsed = datasetListSchema.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
    throw datasetListInvalid({ file, issues });
  }
  const { channels, labelNames, subjects } = parsed.data;
  const issues = subjects.flatMap((subject, index) => subjectIssues(subject, { index, channels, subjects }));
  if (issues.length > 0) throw datasetListInvalid({ file, issues });
  const sorted = [...subjects].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { layout: 'list', channels, labelNames, raters: ratersOf(sorted), subjects: sorted, notices: [] };
}

function subjectIssues(
  { id, images, labels }: Subject,
  { index, channels, subjects }: { index: number; channels: readonly string[]; subjects: readonly Subject[] },
): { field: string; message: string }[] {
  const found: { field: string; message: string }[] = [];
  const add = (field: string, message: string) =>
    found.push({ field: `subjects.${index}.${field}`, message });
  if (images.length !== channels.length)
    add('images', `${channels.length} images are expected, one per channel; there are ${images.length}`);
  if (Object.keys(labels).length === 0) add('labels', 'at least one label map is expected');
  if (subjects.findIndex((other) => other.id === id) !== index) add('id', 'an earlier subject has this id');
  return found;
}
