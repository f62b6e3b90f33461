/** @file The stack of overlays as plain data: what it begins with, how it is reordered, and what stays as the person left it. */
import type { LabelEntry } from '../../../contract/library.ts';
import type { PredictedMap } from '../../../contract/predictions.ts';
import type { LabelClass } from '../../viewer/types.ts';
import { labelClasses } from '../../widgets/label-classes.ts';
import type { OverlayChoice } from './overlay-choice.ts';

/** From the bottom: what hides most is lowest, what is looked at first is on top. */
const heights: readonly OverlayChoice['kind'][] = ['image', 'probability', 'uncertainty', 'labels'];

/** Share of the range below which a map says nothing: certain voxels, improbable ones. */
const quietShare = 0.1;

function look(kind: OverlayChoice['kind'], range: readonly [number, number]) {
  const quiet = range[0] + quietShare * (range[1] - range[0]);
  switch (kind) {
    case 'labels':
      return { opacity: 0.45, threshold: null, isVisible: true, style: 'both' as const };
    case 'uncertainty':
      return { opacity: 0.8, threshold: quiet, isVisible: false, style: 'fill' as const };
    case 'probability':
      return { opacity: 0.7, threshold: quiet, isVisible: false, style: 'fill' as const };
    case 'image':
      return { opacity: 0.5, threshold: null, isVisible: false, style: 'fill' as const };
    default:
      return kind satisfies never;
  }
}

/** The stack that a case of a prediction begins with: its labels are seen, everything else waits for a click. */
export function predictionOverlays(
  maps: readonly PredictedMap[],
  classes: readonly LabelClass[],
): OverlayChoice[] {
  return maps
    .map(({ id, label, kind, unit, range, colourMap }) => ({
      id,
      label,
      kind,
      unit,
      range,
      colourMap,
      classes: kind === 'labels' ? classes : [],
      ...look(kind, range),
    }))
    .sort((a, b) => heights.indexOf(a.kind) - heights.indexOf(b.kind));
}

/** Whose labels a prediction is compared with where there are several. */
const reference = 'reference';

/**
 * Label maps by rater, drawn as outlines so that several can be seen at once, each in colours of its own. `isVisible` is for an image
 * without a prediction, where they are what there is to see; the colours of a prediction stay its own.
 */
export function raterOverlays(
  labels: readonly Pick<LabelEntry, 'id' | 'rater'>[],
  { names, isVisible }: { names: Readonly<Record<string, string>>; isVisible: boolean },
): OverlayChoice[] {
  // The reference has the first colours, so that it keeps them when somebody else begins to label.
  const raters = labels
    .map(({ rater }) => rater)
    .sort((a, b) => Number(b === reference) - Number(a === reference));
  return labels.map(({ id, rater }) => {
    const classes = labelClasses(names, { shift: raters.indexOf(rater) + (isVisible ? 0 : 1) });
    return {
      id,
      label: `Labels by ${rater}`,
      kind: 'labels',
      unit: '',
      range: [0, classes.at(-1)?.value ?? 1],
      colourMap: '',
      classes,
      opacity: 0.9,
      threshold: null,
      isVisible,
      style: 'outline',
    };
  });
}

/** Values beyond a byte cannot be kept in a corrected label map. */
const highestValue = 255;

/**
 * Classes that can be painted, by value: the prediction's with their colours, and those that have a name. With neither, one of value 1.
 */
export function paintClasses(
  names: Readonly<Record<string, string>>,
  predicted: readonly LabelClass[],
): LabelClass[] {
  const named = labelClasses(names, { atLeast: predicted.length === 0 ? 1 : 0 });
  const classes = new Map<number, LabelClass>(named.map((one) => [one.value, one]));
  for (const { value, name, colour } of predicted)
    classes.set(value, { value, name: names[String(value)] ?? name, colour });
  return [...classes.values()].filter(({ value }) => value <= highestValue).sort((a, b) => a.value - b.value);
}

/** The classes with one more, of the lowest value that is free; the same when there is none. */
export function withNewClass(classes: readonly LabelClass[]): readonly LabelClass[] {
  const taken = new Set(classes.map(({ value }) => value));
  let value = 1;
  while (taken.has(value)) value++;
  if (value > highestValue) return classes;
  const added = labelClasses({}, { atLeast: value }).at(-1)!;
  return [...classes, added].sort((a, b) => a.value - b.value);
}

const sameness = ({ kind, label }: OverlayChoice) => `${kind} ${label}`;

/** `next` in the order and with the looks that the person gave the same maps of the image before. */
export function keepLooks(next: readonly OverlayChoice[], before: readonly OverlayChoice[]): OverlayChoice[] {
  const places = new Map(before.map((overlay, index) => [sameness(overlay), index]));
  const kept = next.map((overlay) => {
    const old = before[places.get(sameness(overlay)) ?? -1];
    if (old === undefined) return overlay;
    const { opacity, threshold, isVisible, style, colourMap } = old;
    return { ...overlay, opacity, threshold, isVisible, style, colourMap };
  });
  const isKnown = (overlay: OverlayChoice) => places.has(sameness(overlay));
  const place = (overlay: OverlayChoice) => places.get(sameness(overlay)) ?? 0;
  const stack = kept.filter(isKnown).sort((a, b) => place(a) - place(b));
  // What was not there before lies where it would have begun: above what is beneath it in `next`.
  kept.forEach((overlay, index) => {
    if (isKnown(overlay)) return;
    const beneath = kept[index - 1];
    stack.splice(beneath === undefined ? 0 : stack.indexOf(beneath) + 1, 0, overlay);
  });
  return stack;
}

/** One overlay put at another place; places beyond the ends are the ends. */
export function moveOverlay<T>(stack: readonly T[], from: number, to: number): readonly T[] {
  const target = Math.max(0, Math.min(stack.length - 1, to));
  if (from === target || stack[from] === undefined) return stack;
  const rest = stack.filter((_, index) => index !== from);
  return [...rest.slice(0, target), stack[from], ...rest.slice(target)];
}

export function changeOverlay(
  stack: readonly OverlayChoice[],
  id: string,
  changes: Partial<OverlayChoice>,
): OverlayChoice[] {
  return stack.map((overlay) => (overlay.id === id ? { ...overlay, ...changes } : overlay));
}
