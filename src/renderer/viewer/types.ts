/**
 * @file What the viewer takes and gives: volumes, overlays, the label map under correction, and commands. No library's types, so pages know
 * nothing of how pictures are drawn. World points are RAS+ millimetres; the change to LPS happens inside this folder and nowhere else.
 */
import type { Affine, Point } from '../../imaging/geometry/affine.ts';

export type Voxels =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** A volume that can be shown; voxels come when they are asked for. */
export interface ViewerVolume {
  readonly id: string;
  readonly name: string;
  readonly dims: readonly [number, number, number];
  readonly rasFromIjk: Affine;
  /** value = stored · slope + intercept */
  readonly slope: number;
  readonly intercept: number;
  readonly timePoints: number;
  readonly timeStepS: number;
  /** 1 for scalars; 3 or 4 for colour bytes. */
  readonly components: number;
  /** e.g. `HU`; empty when the file does not say. */
  readonly unit: string;
  /** Scaled values to begin with; null for the full range. */
  readonly window: readonly [number, number] | null;
  /** Of finite scaled values; null when unknown. */
  readonly range: readonly [number, number] | null;
  /** Stored voxels of one time point, x fastest. Rejects with what the host said. */
  loadVoxels(timePoint: number, signal?: AbortSignal): Promise<Voxels>;
}

export interface LabelClass {
  readonly value: number;
  readonly name: string;
  /** CSS colour, #rrggbb. */
  readonly colour: string;
}

/** One layer over the image, from the bottom of the stack to its top. Plain data: change it by giving a new list. */
export interface Overlay {
  readonly volume: ViewerVolume;
  readonly label: string;
  readonly kind: 'labels' | 'probability' | 'uncertainty' | 'image';
  readonly unit: string;
  /** Values at the two ends of the colour bar. */
  readonly range: readonly [number, number];
  readonly colourMap: string;
  /** For kind 'labels'. */
  readonly classes: readonly LabelClass[];
  /** 0-1. */
  readonly opacity: number;
  /** Values below are not shown; null shows all. */
  readonly threshold: number | null;
  readonly isVisible: boolean;
  /** For kind 'labels'. */
  readonly style: 'fill' | 'outline' | 'both';
}

/**
 * A label map that is being corrected, on the image's grid. It is plain data: editing starts anew when `id` changes, and goes on
 * with what was painted when only classes or the active value do.
 */
export interface EditTarget {
  readonly id: string;
  /** Where editing starts from: the label map's voxels, or null for an empty one. */
  readonly source: ViewerVolume | null;
  readonly classes: readonly LabelClass[];
  /** The class that is painted. */
  readonly activeValue: number;
}

/** How the brush tools paint. */
export interface Brush {
  readonly diameterMm: number;
  /** For 'thresholdBrush': scaled values of the image that are painted, both ends included; null paints all. */
  readonly range: readonly [number, number] | null;
}

/** The right half in the layout 'compare': the same image with other overlays, or another image. */
export interface CompareSide {
  /** Shown in the corner of the right half, e.g. the rater's name. */
  readonly label: string;
  /** Shown in the corner of the left half. */
  readonly mainLabel: string;
  readonly image: ViewerVolume;
  readonly overlays: readonly Overlay[];
}

export type ViewerLayout = 'axial' | 'sagittal' | 'coronal' | 'volume' | 'four' | 'compare';

/** What the left mouse button does. */
export type ViewerTool =
  | 'window'
  | 'pan'
  | 'zoom'
  | 'crosshair'
  | 'length'
  | 'brush'
  | 'eraser'
  | 'thresholdBrush';

/** What lies under the pointer, for the status line. */
export interface Readout {
  readonly pointRas: Point;
  readonly ijk: readonly [number, number, number];
  /** Scaled; null outside the volume. */
  readonly value: number | null;
  readonly unit: string;
  /** One a visible overlay: its name and value (class name for labels). */
  readonly overlays: readonly { label: string; text: string }[];
}

/** Everything that changes while one looks, as the page shows it. */
export interface ViewerStatus {
  readonly isLoading: boolean;
  /** Centre of the crosshair. */
  readonly crosshairRas: Point | null;
  /** Lower and upper end of the window, scaled values. */
  readonly window: readonly [number, number] | null;
  readonly timePoint: number;
  readonly isPlaying: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Whether the label map under correction differs from what was last taken by {@link ViewerCommands.takeEdit}. */
  readonly hasUnsavedEdit: boolean;
}

/** What a page can ask of a viewer that is on the screen. */
export interface ViewerCommands {
  goTo(pointRas: Point): void;
  setWindow(window: readonly [number, number]): void;
  resetView(): void;
  setTimePoint(timePoint: number): void;
  setPlaying(isPlaying: boolean): void;
  undo(): void;
  redo(): void;
  /** Interpolates between the painted slices of the active class, in the plane that was painted last. */
  fillBetweenSlices(): void;
  /** The edited voxels, on the image's grid, x fastest; marks them as saved. */
  takeEdit(): Uint8Array<ArrayBuffer>;
  /** A copy of the edited voxels as {@link takeEdit} would give them; marks nothing. For drafts. */
  readEdit(): Uint8Array<ArrayBuffer>;
  /** PNG of what is shown. */
  snapshot(): Promise<Blob>;
}
