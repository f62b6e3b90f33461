/** @file What the page "Review" looks at: a prediction's case or any image of the library, its stack of overlays, and two sides to compare. */
import type { VolumeId } from '../../../contract/ids.ts';
import type { Prediction, PredictionCase, UncertainRegion } from '../../../contract/predictions.ts';
import { libraryState } from '../../state/library.svelte.ts';
import { predictionsState } from '../../state/predictions.svelte.ts';
import { view } from '../../state/view.svelte.ts';
import type { LabelClass } from '../../viewer/types.ts';
import { editSession } from './edit-session.svelte.ts';
import type { OverlayChoice } from './overlay-choice.ts';
import {
  changeOverlay,
  keepLooks,
  moveOverlay,
  paintClasses,
  predictionOverlays,
  raterOverlays,
} from './overlay-stack.ts';
import type { CaseOrder } from './review-cases.ts';
import { viewerPanel } from './viewer-panel.svelte.ts';

/** A side of the comparison: the whole stack, no overlay, or one label map alone. */
export type Side = 'stack' | 'none' | VolumeId;

class Review {
  overlays = $state.raw<readonly OverlayChoice[]>([]);
  /** Of the stack; its looks are shown. */
  chosen = $state<VolumeId | null>(null);
  region = $state<number | null>(null);
  order = $state<CaseOrder>('listed');
  left = $state<Side>('stack');
  right = $state<Side>('none');

  readonly prediction: Prediction | undefined = $derived(predictionsState.find(view.prediction));
  readonly case: PredictionCase | undefined = $derived(
    this.prediction?.cases.find(({ image }) => image === view.image),
  );
  readonly classes: readonly LabelClass[] = $derived(
    paintClasses(libraryState.current.labelNames, this.case === undefined ? [] : this.prediction!.classes),
  );
  readonly regions: readonly UncertainRegion[] = $derived(this.case?.uncertainRegions ?? []);
  /** What there is to see of the image, as it begins. */
  readonly offered: readonly OverlayChoice[] = $derived.by(() => {
    if (view.image === null) return [];
    const names = libraryState.current.labelNames;
    const raters = raterOverlays(libraryState.labelsOf(view.image), { names, isVisible: !this.case });
    return [...raters, ...predictionOverlays(this.case?.maps ?? [], this.prediction?.classes ?? [])];
  });
  readonly labelMaps: readonly OverlayChoice[] = $derived(
    this.overlays.filter(({ kind }) => kind === 'labels'),
  );

  /** Takes what is offered now, as the person left the same maps before. */
  settle(): void {
    this.overlays = keepLooks(this.offered, this.overlays);
    const has = (id: string) => this.overlays.some((overlay) => overlay.id === id);
    if (this.chosen === null || !has(this.chosen))
      this.chosen =
        (this.overlays.findLast(({ isVisible }) => isVisible) ?? this.overlays.at(-1))?.id ?? null;
    if (this.left !== 'stack' && this.left !== 'none' && !has(this.left)) this.left = 'stack';
    if (this.right !== 'stack' && this.right !== 'none' && !has(this.right)) this.right = 'none';
  }

  change(id: VolumeId, changes: Partial<OverlayChoice>): void {
    this.overlays = changeOverlay(this.overlays, id, changes);
  }

  move(id: VolumeId, to: number): void {
    const from = this.overlays.findIndex((overlay) => overlay.id === id);
    this.overlays = moveOverlay(this.overlays, from, to);
  }

  /** Another image; unsaved corrections are asked about first. */
  open(image: VolumeId): void {
    if (image === view.image) return;
    this.#leave(() => {
      view.image = image;
    });
  }

  choosePrediction(prediction: Prediction): void {
    if (prediction.id === view.prediction) return;
    const cases = prediction.cases;
    const image = cases.find((one) => one.image === view.image)?.image ?? cases[0]?.image ?? view.image;
    const go = () => {
      view.prediction = prediction.id;
      view.image = image;
    };
    if (image === view.image) go();
    else this.#leave(go);
  }

  goToRegion(index: number): void {
    const region = this.regions[index];
    if (region === undefined) return;
    this.region = index;
    viewerPanel.commands?.goTo(region.ras);
  }

  /** The next (+1) or the one before (-1), around the ends. */
  stepRegion(by: 1 | -1): void {
    const count = this.regions.length;
    if (count === 0) return;
    const start = this.region ?? (by === 1 ? -1 : 0);
    this.goToRegion((start + by + count) % count);
  }

  /** Overlays of one side, from the bottom. What is being corrected is drawn by the viewer itself. */
  side(side: Side): readonly OverlayChoice[] {
    const corrected = editSession.isOn ? editSession.source?.id : undefined;
    if (side === 'none') return [];
    if (side === 'stack') return this.overlays.filter(({ id }) => id !== corrected);
    return this.overlays.filter(({ id }) => id === side).map((overlay) => ({ ...overlay, isVisible: true }));
  }

  nameOf(side: Side): string {
    if (side === 'none') return 'Image alone';
    if (side === 'stack') return editSession.isOn ? 'Correction' : 'Overlays';
    return this.overlays.find(({ id }) => id === side)?.label ?? '';
  }

  #leave(go: () => void): void {
    const leave = () => {
      void editSession.stop({ keepsDraft: true });
      go();
    };
    if (!editSession.guard(leave)) leave();
  }
}

export const review = new Review();
