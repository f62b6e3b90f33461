/** @file Label maps of an image as overlays: one alone is filled, several are outlined in colours of their own, so that raters can be compared. Pure. */
import type { LabelEntry } from '../../../contract/library.ts';
import { labelClasses } from '../../widgets/label-classes.ts';
import type { OverlayChoice } from '../review/overlay-choice.ts';

/** How far each rater's colours move on, by its place among the image's labels: the same while others come and go. */
export function raterShifts(labels: readonly LabelEntry[], shown: ReadonlySet<string>): Map<string, number> {
  const isOne = labels.filter(({ id }) => shown.has(id)).length < 2;
  return new Map(labels.map(({ id }, index) => [id, isOne ? 0 : index]));
}

export function labelOverlays(
  labels: readonly LabelEntry[],
  { shown, names }: { shown: ReadonlySet<string>; names: Readonly<Record<string, string>> },
): OverlayChoice[] {
  const shifts = raterShifts(labels, shown);
  const seen = labels.filter(({ id }) => shown.has(id));
  return seen.map(({ id, rater }) => {
    const classes = labelClasses(names, { shift: shifts.get(id) ?? 0 });
    return {
      id,
      label: rater,
      kind: 'labels',
      unit: '',
      range: [0, classes.at(-1)?.value ?? 1],
      colourMap: '',
      classes,
      opacity: seen.length === 1 ? 0.5 : 0.9,
      threshold: null,
      isVisible: true,
      style: seen.length === 1 ? 'both' : 'outline',
    };
  });
}
