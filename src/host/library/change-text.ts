/** @file Changes in words, for the undo button. */
import type { Library } from '../../contract/library.ts';

/** `removed` are the paths that go, label maps of removed images among them. */
export function removedText({ subjects }: Library, removed: readonly string[]): string {
  const gone = new Set(removed);
  const touched = subjects.filter(({ images }) =>
    images.some(({ id, labels }) => gone.has(id) || labels.some((label) => gone.has(label.id))),
  );
  const isWhole = touched.every(({ images }) => images.every(({ id }) => gone.has(id)));
  if (isWhole && touched.length > 1) return `Removed ${touched.length} subjects`;
  const [subject] = touched;
  if (isWhole) return `Removed ${subject?.name}`;
  const images = touched.flatMap((each) => each.images.filter(({ id }) => gone.has(id)));
  const labels = touched
    .flatMap((each) => each.images.filter(({ id }) => !gone.has(id)))
    .flatMap((image) => image.labels.filter(({ id }) => gone.has(id)));
  if (touched.length > 1 || images.length + labels.length > 1)
    return `Removed ${images.length + labels.length} volumes`;
  return images[0] === undefined
    ? `Removed the label map of ${subject?.name} by ${labels[0]?.rater}`
    : `Removed ${images[0].name} of ${subject?.name}`;
}
