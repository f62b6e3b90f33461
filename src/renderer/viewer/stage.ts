/**
 * @file The pictures of one viewer together: which volume and layers they show, the point that their planes share, window, slab, time.
 * Tells of every change; knows nothing of Svelte. The label map under correction is its top layer.
 */
import type { RenderingEngine } from '@cornerstonejs/core';
import type { Point } from '../../imaging/geometry/affine.ts';
import { eachVoxelUnder, placesBetween } from './brush.ts';
import { makeEngine } from './cornerstone.ts';
import { EditHistory } from './edit-history.ts';
import { fillBetweenSlices } from './fill-between-slices.ts';
import { centreOf, cornersOf, lpsFromRas, offsetOf, rasFromLps, voxelAt } from './grid.ts';
import { type Layer, Pane, type PaneKind } from './pane.ts';
import { type DrawnVolume, drawable, makeDrawnVolume } from './texture.ts';
import type { Brush, EditTarget, Overlay, Readout, ViewerStatus, ViewerVolume } from './types.ts';

interface Listeners {
  /** Something that the page shows changed. */
  readonly onChange: () => void;
}

interface EditState {
  readonly id: string;
  readonly history: EditHistory;
  readonly volume: DrawnVolume;
  /** Axis across the slices that were painted last. */
  lastAxis: 0 | 1 | 2;
}

/** An overlay's voxels are kept while any list names it. */
interface KeptOverlay {
  readonly source: ViewerVolume;
  readonly volume: DrawnVolume;
}

/** Quiet before the projection is drawn anew. */
const projectionDelayMs = 80;

export class Stage {
  readonly #engine: RenderingEngine = makeEngine();
  readonly #listeners: Listeners;
  #panes: Pane[] = [];
  #source: ViewerVolume | undefined;
  #image: DrawnVolume | undefined;
  #overlays: readonly Overlay[] = [];
  readonly #kept = new Map<string, KeptOverlay>();
  #layers: readonly Layer[] = [];
  #edit: EditState | undefined;
  #editTarget: EditTarget | undefined;
  /** Of the crosshair, LPS. */
  #point: Point = [0, 0, 0];
  #window: readonly [number, number] = [0, 1];
  #slabMm = 0;
  #projectionTimer: ReturnType<typeof setTimeout> | undefined;
  #isBlinking = false;
  #timePoint = 0;
  /** The last that was asked for; what comes late for another is not shown. */
  #wantedTimePoint = 0;
  #ahead: { timePoint: number; voxels: Promise<unknown> } | undefined;

  constructor(listeners: Listeners) {
    this.#listeners = listeners;
  }

  get image(): DrawnVolume | undefined {
    return this.#image;
  }

  get panes(): readonly Pane[] {
    return this.#panes;
  }

  get point(): Point {
    return this.#point;
  }

  get timePoint(): number {
    return this.#timePoint;
  }

  /** From the smallest to the largest value of the image. */
  get rangeWidth(): number {
    const range = this.#source?.range ?? this.#window;
    return range[1] - range[0];
  }

  get window(): readonly [number, number] {
    return this.#window;
  }

  /** Loads the image's first time point and shows it from its middle. */
  async setImage(source: ViewerVolume | null, signal: AbortSignal): Promise<void> {
    const voxels = source && (await source.loadVoxels(0, signal));
    signal.throwIfAborted();
    const before = this.#image;
    const edit = this.#edit;
    const isOther = source?.id !== this.#source?.id;
    this.#source = source ?? undefined;
    this.#timePoint = 0;
    this.#wantedTimePoint = 0;
    this.#ahead = undefined;
    this.#image = source && voxels ? makeDrawnVolume(source, drawable(voxels, source.components)) : undefined;
    if (source && this.#image) {
      this.#window = [source.window, source.range].find(isUsable) ?? [0, 1];
      this.#point = lpsFromRas(centreOf(this.#image.grid));
    }
    // Layers belong to the image that they were given with: never over another, not even until theirs have come.
    if (isOther) {
      this.#overlays = [];
      this.#edit = undefined;
    }
    await this.#rebuild({ resetViews: true });
    before?.remove();
    if (isOther) edit?.volume.remove();
  }

  /** Loads what is new, restyles what is not. */
  async setOverlays(overlays: readonly Overlay[], signal: AbortSignal): Promise<void> {
    const fresh = overlays.filter(({ volume }) => this.#kept.get(volume.id)?.source !== volume);
    const loaded = await Promise.all(
      fresh.map(
        async ({ volume }) =>
          [volume, drawable(await volume.loadVoxels(0, signal), volume.components)] as const,
      ),
    );
    signal.throwIfAborted();
    const gone: DrawnVolume[] = [];
    for (const [source, voxels] of loaded) {
      const old = this.#kept.get(source.id);
      if (old) gone.push(old.volume);
      this.#kept.set(source.id, { source, volume: makeDrawnVolume(source, voxels) });
    }
    const wanted = new Set(overlays.map(({ volume }) => volume.id));
    for (const [id, { volume }] of this.#kept) {
      if (wanted.has(id)) continue;
      gone.push(volume);
      this.#kept.delete(id);
    }
    this.#overlays = overlays;
    await this.#updateLayers();
    for (const volume of gone) volume.remove();
  }

  #currentLayers(): Layer[] {
    const layers = this.#overlays.flatMap(({ volume, ...look }): Layer[] => {
      const kept = this.#kept.get(volume.id);
      return kept === undefined ? [] : [{ volume: kept.volume, look }];
    });
    if (this.#edit && this.#editTarget)
      layers.push({ volume: this.#edit.volume, look: editLook(this.#editTarget) });
    return layers;
  }

  /** Actors are made anew only when other volumes are to be drawn, or in another order. */
  async #updateLayers(): Promise<void> {
    const next = this.#currentLayers();
    const ids = (layers: readonly Layer[]) => layers.map(({ volume }) => volume.id).join();
    const isSame = ids(next) === ids(this.#layers);
    this.#layers = next;
    if (!isSame) {
      await this.#rebuild({ resetViews: false });
      return;
    }
    for (const pane of this.#panes) pane.restyle(next);
    this.#applyBlink();
    this.#renderPlanes();
  }

  async setPanes(elements: readonly { element: HTMLDivElement; kind: PaneKind }[]): Promise<void> {
    for (const pane of this.#panes) pane.close();
    this.#panes = elements.map(({ element, kind }) => new Pane(this.#engine, element, kind));
    // An element that was there before has the canvas of its old size.
    this.#engine.resize(true, true);
    await this.#rebuild({ resetViews: true });
  }

  async #rebuild({ resetViews }: { resetViews: boolean }): Promise<void> {
    this.#layers = this.#currentLayers();
    const image = this.#image;
    if (image === undefined) {
      for (const pane of this.#panes) pane.clear();
      this.#listeners.onChange();
      return;
    }
    const cameras = this.#panes.map((pane) => (resetViews ? undefined : pane.camera));
    await Promise.all(this.#panes.map((pane) => pane.show(image, this.#layers)));
    this.#panes.forEach((pane, n) => {
      const camera = cameras[n];
      if (camera === undefined) pane.resetView();
      else pane.camera = camera;
      pane.setWindow(this.#window);
      pane.setSlab(this.#slabMm);
      pane.passThrough(this.#point);
    });
    this.#applyBlink();
    this.render();
    // Textures are made while the first picture is drawn, too late for that one; those of layers are filled when told to be.
    requestAnimationFrame(() => {
      for (const { volume } of this.#layers) volume.changed();
      this.render();
    });
    this.#listeners.onChange();
  }

  resize(): void {
    this.#engine.resize(true, true);
    this.render();
    this.#listeners.onChange();
  }

  /** Planes at once; the projection, which takes longer, when nothing has changed for a moment. */
  render(): void {
    this.#renderPlanes();
    clearTimeout(this.#projectionTimer);
    this.#projectionTimer = setTimeout(() => {
      for (const pane of this.#panes) if (pane.kind === 'volume') pane.render();
    }, projectionDelayMs);
  }

  /** For what the projection does not show: other slices, layers. */
  #renderPlanes(): void {
    for (const pane of this.#panes) if (pane.kind !== 'volume') pane.render();
  }

  goTo(pointLps: Point): void {
    this.#point = pointLps;
    for (const pane of this.#panes) if (pane.passThrough(pointLps)) pane.render();
    this.#listeners.onChange();
  }

  /** Walks through the slices of a pane as long as its plane meets the volume, wherever the crosshair stands in it. */
  scroll(pane: Pane, slices: number): void {
    if (this.#image === undefined || pane.kind === 'volume') return;
    const { grid } = this.#image;
    const normal = pane.normal;
    const by = slices * pane.stepMm(grid);
    const next: Point = [
      this.#point[0] + by * normal[0],
      this.#point[1] + by * normal[1],
      this.#point[2] + by * normal[2],
    ];
    const depth = (point: Point) => point[0] * normal[0] + point[1] * normal[1] + point[2] * normal[2];
    const depths = cornersOf(grid).map((corner) => depth(lpsFromRas(corner)));
    const slack = 0.01 * pane.stepMm(grid);
    const isInside = depth(next) > Math.min(...depths) - slack && depth(next) < Math.max(...depths) + slack;
    if (isInside) this.goTo(next);
  }

  setWindow(window: readonly [number, number]): void {
    this.#window = window;
    for (const pane of this.#panes) pane.setWindow(window);
    this.render();
    this.#listeners.onChange();
  }

  setSlab(slabMm: number): void {
    if (slabMm === this.#slabMm) return;
    this.#slabMm = slabMm;
    for (const pane of this.#panes) pane.setSlab(slabMm);
    this.#renderPlanes();
  }

  setBlinking(isBlinking: boolean): void {
    if (isBlinking === this.#isBlinking) return;
    this.#isBlinking = isBlinking;
    this.#applyBlink();
    this.#renderPlanes();
  }

  #applyBlink(): void {
    if (this.#isBlinking) for (const pane of this.#panes) pane.hideLayers(true);
    else for (const pane of this.#panes) pane.hideLayers(false);
  }

  resetView(): void {
    if (this.#image === undefined) return;
    this.#point = lpsFromRas(centreOf(this.#image.grid));
    for (const pane of this.#panes) {
      pane.resetView();
      pane.passThrough(this.#point);
    }
    this.render();
    this.#listeners.onChange();
  }

  /** The voxels of another time point are written into the same memory; the next one is fetched ahead. */
  async setTimePoint(timePoint: number, signal: AbortSignal): Promise<void> {
    const [source, image] = [this.#source, this.#image];
    this.#wantedTimePoint = timePoint;
    if (source === undefined || image === undefined || timePoint === this.#timePoint) return;
    const ahead = this.#ahead?.timePoint === timePoint ? this.#ahead.voxels : undefined;
    const voxels = (await (ahead ?? source.loadVoxels(timePoint, signal))) as Awaited<
      ReturnType<ViewerVolume['loadVoxels']>
    >;
    if (this.#image !== image || this.#wantedTimePoint !== timePoint) return;
    image.voxels.set(drawable(voxels, source.components));
    image.changed();
    this.#timePoint = timePoint;
    const next = (timePoint + 1) % source.timePoints;
    const promise = source.loadVoxels(next, signal);
    // Whether it can be loaded is told when it is asked for.
    const fetched = { timePoint: next, voxels: promise };
    promise.catch(() => {
      if (this.#ahead === fetched) this.#ahead = undefined;
    });
    this.#ahead = fetched;
    this.render();
    this.#listeners.onChange();
  }

  readoutAt(pointLps: Point): Readout | null {
    const image = this.#image;
    if (image === undefined) return null;
    const pointRas = rasFromLps(pointLps);
    const ijk = voxelAt(image.grid, pointRas);
    if (ijk === undefined) return null;
    const layers = this.#layers.filter(({ look }) => look.isVisible);
    return {
      pointRas,
      ijk,
      value: image.voxels[offsetOf(image.grid, ijk)]! * image.slope + image.intercept,
      unit: this.#source?.unit ?? '',
      overlays: layers.flatMap(({ volume, look }) => {
        const voxel = voxelAt(volume.grid, pointRas);
        if (voxel === undefined) return [];
        const value = volume.voxels[offsetOf(volume.grid, voxel)]! * volume.slope + volume.intercept;
        return [{ label: look.label, text: layerText(value, look) }];
      }),
    };
  }

  /** Begins anew when the target's id changes; otherwise only colours and the active class do. */
  async setEdit(target: EditTarget | null, signal: AbortSignal): Promise<void> {
    this.#editTarget = target ?? undefined;
    if (target?.id === this.#edit?.id) {
      await this.#updateLayers();
      return;
    }
    const [old, image] = [this.#edit, this.#image];
    const voxels = target?.source && (await target.source.loadVoxels(0, signal));
    signal.throwIfAborted();
    this.#edit = undefined;
    if (target && image) {
      const count = image.voxels.length;
      const labels = voxels ? Uint8Array.from(voxels, (value) => Math.round(value)) : new Uint8Array(count);
      const history = new EditHistory(labels);
      const volume = makeDrawnVolume({ ...image.grid, slope: 1, intercept: 0 }, labels);
      this.#edit = { id: target.id, history, volume, lastAxis: 2 };
    }
    await this.#updateLayers();
    old?.volume.remove();
    this.#listeners.onChange();
  }

  get edit(): Pick<ViewerStatus, 'canUndo' | 'canRedo' | 'hasUnsavedEdit'> {
    const history = this.#edit?.history;
    return {
      canUndo: history?.canUndo ?? false,
      canRedo: history?.canRedo ?? false,
      hasUnsavedEdit: history?.hasUnsaved ?? false,
    };
  }

  /** Paints from one place to the next (LPS). `kind` 'threshold' keeps to voxels whose value lies in the brush's range. */
  paint(
    pane: Pane,
    {
      from,
      to,
      brush,
      kind,
    }: { from: Point; to: Point; brush: Brush; kind: 'paint' | 'erase' | 'threshold' },
  ): void {
    const [edit, image, target] = [this.#edit, this.#image, this.#editTarget];
    if (edit === undefined || image === undefined || target === undefined) return;
    const value = kind === 'erase' ? 0 : target.activeValue;
    const radiusMm = brush.diameterMm / 2;
    const [low, high] = brush.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    const area = image.grid.dims[0] * image.grid.dims[1];
    const slices = new Set<number>();
    for (const centre of placesBetween(from, to, radiusMm))
      eachVoxelUnder(image.grid, { centre, normal: pane.normal, radiusMm }, (offset) => {
        const scaled = image.voxels[offset]! * image.slope + image.intercept;
        if (kind === 'threshold' && (scaled < low || scaled > high)) return;
        edit.history.set(offset, value);
        slices.add(Math.floor(offset / area));
      });
    edit.lastAxis = closestAxis(image, pane.normal);
    edit.volume.changed(slices);
    this.#renderPlanes();
  }

  endStroke(): void {
    this.#edit?.history.endStroke();
    this.#listeners.onChange();
  }

  undo(): void {
    this.#changed(this.#edit?.history.undo());
  }

  redo(): void {
    this.#changed(this.#edit?.history.redo());
  }

  #changed(offsets: Uint32Array | undefined): void {
    const [edit, image] = [this.#edit, this.#image];
    if (offsets === undefined || edit === undefined || image === undefined) return;
    const area = image.grid.dims[0] * image.grid.dims[1];
    edit.volume.changed(new Set(Array.from(offsets, (offset) => Math.floor(offset / area))));
    this.#renderPlanes();
    this.#listeners.onChange();
  }

  fillBetweenSlices(): void {
    const [edit, image, target] = [this.#edit, this.#image, this.#editTarget];
    if (edit === undefined || image === undefined || target === undefined) return;
    const { dims, spacing } = image.grid;
    const options = { dims, spacing, axis: edit.lastAxis, value: target.activeValue };
    for (const offset of fillBetweenSlices(edit.history.labels, options))
      edit.history.set(offset, target.activeValue);
    edit.history.endStroke();
    edit.volume.changed();
    this.#renderPlanes();
    this.#listeners.onChange();
  }

  readEdit(): Uint8Array<ArrayBuffer> {
    return this.#edit?.history.labels.slice() ?? new Uint8Array();
  }

  markSaved(): void {
    this.#edit?.history.markSaved();
    this.#listeners.onChange();
  }

  close(): void {
    clearTimeout(this.#projectionTimer);
    for (const pane of this.#panes) pane.close();
    // A picture may be due yet.
    this.#panes = [];
    this.#engine.destroy();
    this.#image?.remove();
    this.#edit?.volume.remove();
    for (const { volume } of this.#kept.values()) volume.remove();
  }
}

function isUsable(window: readonly [number, number] | null): window is readonly [number, number] {
  return window?.every(Number.isFinite) ?? false;
}

function editLook({ classes }: EditTarget): Layer['look'] {
  return {
    label: 'Correction',
    kind: 'labels',
    unit: '',
    range: [0, 1],
    colourMap: 'grey',
    classes,
    opacity: 0.5,
    threshold: null,
    isVisible: true,
    style: 'both',
  };
}

/** The voxel axis that a direction (LPS) follows most closely. */
function closestAxis({ grid }: DrawnVolume, normal: Point): 0 | 1 | 2 {
  const parts = ([0, 1, 2] as const).map((axis) => {
    const [x, y, z] = grid.direction.slice(3 * axis, 3 * axis + 3) as [number, number, number];
    return Math.abs(x * normal[0] + y * normal[1] + z * normal[2]);
  });
  return parts.indexOf(Math.max(...parts)) as 0 | 1 | 2;
}

function layerText(value: number, { kind, classes, unit }: Layer['look']): string {
  if (kind !== 'labels') return `${Number(value.toPrecision(3))}${unit === '' ? '' : ` ${unit}`}`;
  if (value === 0) return '–';
  return classes.find((one) => one.value === value)?.name ?? String(value);
}
