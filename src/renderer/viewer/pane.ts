/** @file One picture of the viewer: a plane through the volume, or its projection in 3-D. A thin hand on Cornerstone's viewport. */
import { Enums, type RenderingEngine, type Types } from '@cornerstonejs/core';
import type vtkVolume from '@kitware/vtk.js/Rendering/Core/Volume.js';
import type { Point } from '../../imaging/geometry/affine.ts';
import { uniqueName } from './cornerstone.ts';
import { type Grid, stepAlong } from './grid.ts';
import { overlayLook, windowLook } from './looks.ts';
import type { Plane, View } from './planes.ts';
import type { DrawnVolume } from './texture.ts';
import type { Overlay } from './types.ts';

export type PaneKind = Plane | 'volume';

const orientations: Readonly<Record<Plane, Types.OrientationVectors>> = {
  axial: { viewPlaneNormal: [0, 0, -1], viewUp: [0, -1, 0] },
  sagittal: { viewPlaneNormal: [1, 0, 0], viewUp: [0, 0, 1] },
  coronal: { viewPlaneNormal: [0, -1, 0], viewUp: [0, 0, 1] },
};

/** A drawn overlay and how it is to look; the volume may be under correction. */
export interface Layer {
  readonly volume: DrawnVolume;
  readonly look: Omit<Overlay, 'volume'>;
}

type PlaneViewport = Types.IVolumeViewport;

const dot = (a: Point, b: Point): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const along = (p: Point, d: Point, by: number): Types.Point3 => [
  p[0] + by * d[0],
  p[1] + by * d[1],
  p[2] + by * d[2],
];
const subtract = (a: Point, b: Point): Point => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** Rotates a vector about an axis of length 1 (Rodrigues). */
function turn(v: Point, axis: Point, angleRad: number): Types.Point3 {
  const [c, s] = [Math.cos(angleRad), Math.sin(angleRad)];
  const k = dot(axis, v) * (1 - c);
  const w = cross(axis, v);
  return [
    v[0] * c + w[0] * s + axis[0] * k,
    v[1] * c + w[1] * s + axis[1] * k,
    v[2] * c + w[2] * s + axis[2] * k,
  ];
}

const cross = (a: Point, b: Point): Types.Point3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export class Pane {
  readonly kind: PaneKind;
  readonly element: HTMLDivElement;
  readonly #engine: RenderingEngine;
  readonly #id: string;
  #image: DrawnVolume | undefined;
  #layers: readonly Layer[] = [];

  constructor(engine: RenderingEngine, element: HTMLDivElement, kind: PaneKind) {
    this.kind = kind;
    this.element = element;
    this.#engine = engine;
    this.#id = uniqueName(kind);
    engine.enableElement({
      viewportId: this.#id,
      element,
      // The projection is a plane as well, with a slab as thick as the volume: it draws the same texture, without a copy of its own.
      type: Enums.ViewportType.ORTHOGRAPHIC,
      defaultOptions: {
        background: [0.047, 0.047, 0.047],
        orientation: orientations[kind === 'volume' ? 'coronal' : kind],
      },
    });
  }

  get #viewport(): PlaneViewport {
    return this.#engine.getViewport(this.#id) as PlaneViewport;
  }

  async show(image: DrawnVolume, layers: readonly Layer[]): Promise<void> {
    const inputs = [image, ...(this.kind === 'volume' ? [] : layers.map(({ volume }) => volume))];
    await this.#viewport.setVolumes(inputs.map(({ id }) => ({ volumeId: id })));
    this.#image = image;
    this.#layers = layers;
    if (this.kind === 'volume') this.#project(image);
    else this.#drawLayers();
  }

  /** Shows nothing. */
  clear(): void {
    this.#image = undefined;
    this.#layers = [];
    this.#viewport.removeAllActors();
    this.render();
  }

  #project({ grid }: DrawnVolume): void {
    const diagonal = Math.hypot(...grid.dims.map((size, axis) => size * grid.spacing[axis]!));
    this.#viewport.setBlendMode(Enums.BlendModes.MAXIMUM_INTENSITY_BLEND);
    this.#viewport.setSlabThickness(diagonal);
  }

  /** Layers of the same volumes in the same order: only their looks are changed. */
  restyle(layers: readonly Layer[]): void {
    this.#layers = layers;
    if (this.kind !== 'volume') this.#drawLayers();
  }

  #drawLayers(): void {
    for (const { volume, look } of this.#layers) {
      const actor = this.#actorOf(volume);
      if (actor === undefined) continue;
      overlayLook(actor.getProperty(), volume, look);
      actor.setVisibility(look.isVisible);
    }
  }

  hideLayers(isHidden: boolean): void {
    for (const { volume, look } of this.#layers)
      this.#actorOf(volume)?.setVisibility(!isHidden && look.isVisible);
  }

  setWindow(window: readonly [number, number]): void {
    const actor = this.#image && this.#actorOf(this.#image);
    if (actor === undefined || this.#image === undefined) return;
    windowLook(actor.getProperty(), this.#image, window);
  }

  /** A slab shows the largest value on its way through; 0 shows one slice. */
  setSlab(slabMm: number): void {
    if (this.kind === 'volume' || this.#image === undefined) return;
    const uid = this.#entryOf(this.#image)?.uid;
    if (uid === undefined) return;
    const blend = slabMm > 0 ? Enums.BlendModes.MAXIMUM_INTENSITY_BLEND : Enums.BlendModes.COMPOSITE;
    this.#viewport.setBlendMode(blend, [uid]);
    if (slabMm > 0) this.#viewport.setSlabThickness(slabMm, [uid]);
    else this.#viewport.resetSlabThickness();
  }

  #entryOf(volume: DrawnVolume): Types.ActorEntry | undefined {
    return this.#viewport
      .getActors()
      .find(({ referencedId, uid }) => referencedId === volume.id || uid.endsWith(volume.id));
  }

  #actorOf(volume: DrawnVolume): vtkVolume | undefined {
    return this.#entryOf(volume)?.actor as vtkVolume | undefined;
  }

  /** To be put back after the actors were made anew. */
  get camera(): Types.ICamera {
    return this.#viewport.getCamera();
  }

  set camera(camera: Types.ICamera) {
    this.#viewport.setCamera(camera);
  }

  /** Normal of the plane, length 1, LPS; towards the one who looks. */
  get normal(): Point {
    return this.#viewport.getCamera().viewPlaneNormal as Point;
  }

  /** Where the right and lower sides of the picture point to. */
  get view(): View {
    const { viewUp, viewPlaneNormal } = this.#viewport.getCamera();
    const up = viewUp as Point;
    return { right: cross(up, viewPlaneNormal as Point), down: [-up[0], -up[1], -up[2]] };
  }

  get mmPerPixel(): number {
    const { parallelScale } = this.#viewport.getCamera();
    return (2 * (parallelScale ?? 0)) / Math.max(1, this.element.clientHeight);
  }

  /** Moves the plane so that it passes through the point; the picture does not shift within the plane. False when it does so already. */
  passThrough(point: Point): boolean {
    if (this.kind === 'volume') return false;
    const { focalPoint, position, viewPlaneNormal } = this.#viewport.getCamera();
    const normal = viewPlaneNormal as Point;
    const by = dot(point, normal) - dot(focalPoint as Point, normal);
    if (Math.abs(by) < 1e-9) return false;
    this.#viewport.setCamera({
      focalPoint: along(focalPoint as Point, normal, by),
      position: along(position as Point, normal, by),
    });
    return true;
  }

  /** Millimetres from slice to slice. */
  stepMm(grid: Grid): number {
    return stepAlong(grid, this.normal);
  }

  worldAt(canvas: readonly [number, number]): Point {
    return this.#viewport.canvasToWorld([...canvas]);
  }

  canvasAt(point: Point): readonly [number, number] {
    return this.#viewport.worldToCanvas([...point]);
  }

  pan(deltaX: number, deltaY: number): void {
    const [x, y] = this.#viewport.getPan();
    this.#viewport.setPan([x + deltaX, y + deltaY]);
  }

  zoom(factor: number): void {
    const next = Math.min(40, Math.max(0.1, this.#viewport.getZoom() * factor));
    this.#viewport.setZoom(next);
  }

  /** Turns the projection around the volume's middle: half a degree a pixel. */
  rotate(deltaX: number, deltaY: number): void {
    const { focalPoint, position, viewUp, viewPlaneNormal } = this.#viewport.getCamera();
    const distance = Math.hypot(...subtract(position as Point, focalPoint as Point));
    const up = viewUp as Point;
    const turned = turn(viewPlaneNormal as Point, up, (-deltaX * Math.PI) / 360);
    const right = cross(up, turned);
    const angle = (-deltaY * Math.PI) / 360;
    const normal = turn(turned, right, angle);
    this.#viewport.setCamera({
      focalPoint: focalPoint as Types.Point3,
      viewPlaneNormal: normal,
      viewUp: turn(up, right, angle),
      position: along(focalPoint as Point, normal, distance),
    });
  }

  resetView(): void {
    this.#viewport.resetCamera();
    if (this.kind === 'volume') {
      const { focalPoint, position } = this.#viewport.getCamera();
      const distance = Math.hypot(...subtract(position as Point, focalPoint as Point));
      this.#viewport.setCamera({
        viewPlaneNormal: [0, -1, 0],
        viewUp: [0, 0, 1],
        focalPoint: focalPoint as Types.Point3,
        position: along(focalPoint as Point, [0, -1, 0], distance),
      });
    }
  }

  render(): void {
    this.#viewport.render();
  }

  get canvas(): HTMLCanvasElement {
    return this.#viewport.getCanvas();
  }

  close(): void {
    this.#engine.disableElement(this.#id);
  }
}
