/** @file Mouse, pen and keys on a pane: the left button does what the tool says, the middle one pans, the right one zooms, the wheel walks through slices. */
import type { Point } from '../../imaging/geometry/affine.ts';
import { rasFromLps } from './grid.ts';
import type { Pane } from './pane.ts';
import type { Stage } from './stage.ts';
import type { Brush, Readout, ViewerTool } from './types.ts';

export interface PointerContext {
  readonly stage: Stage;
  readonly pane: Pane;
  readonly tool: () => ViewerTool;
  readonly brush: () => Brush;
  readonly onReadout: (readout: Readout | null) => void;
  /** Pixels within the pane, for the ring of the brush; null when the pointer leaves. */
  readonly onPointer: (place: readonly [number, number] | null) => void;
  /** Both ends of a length that is measured; null takes it away. */
  readonly onLength: (ends: readonly [Point, Point] | null) => void;
}

type Drag = 'window' | 'pan' | 'zoom' | 'crosshair' | 'length' | 'rotate' | 'paint' | 'erase' | 'threshold';

/** How far a drag across the pane changes the window: by twice its width. */
const windowSpeed = 2;

function dragOf(event: PointerEvent, { pane, tool }: PointerContext): Drag {
  if (event.button === 1) return 'pan';
  if (event.button === 2) return 'zoom';
  if (pane.kind === 'volume') return tool() === 'pan' || tool() === 'zoom' ? (tool() as Drag) : 'rotate';
  if (event.shiftKey) return 'crosshair';
  const chosen = tool();
  if (chosen === 'brush') return event.altKey ? 'erase' : 'paint';
  if (chosen === 'eraser') return 'erase';
  return chosen === 'thresholdBrush' ? 'threshold' : chosen;
}

/** Returns how to stop listening. */
export function listenToPane(context: PointerContext): () => void {
  const { stage, pane, brush, onReadout, onPointer, onLength } = context;
  const { element } = pane;
  const abort = new AbortController();
  const listen = <K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
    options: AddEventListenerOptions = {},
  ) => element.addEventListener(type, listener, { signal: abort.signal, ...options });

  const place = (event: MouseEvent): [number, number] => {
    const { left, top } = element.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const world = (event: MouseEvent): Point => pane.worldAt(place(event));
  /** On the plane that is shown: the point of a slab's picture is that of its middle. */
  const onPlane = (event: MouseEvent): Point => world(event);

  let drag: { kind: Drag; x: number; y: number; from: Point; start: Point } | undefined;

  function begin(event: PointerEvent): void {
    element.focus();
    if (stage.image === undefined) return;
    element.setPointerCapture(event.pointerId);
    const from = pane.kind === 'volume' ? ([0, 0, 0] as const) : onPlane(event);
    drag = { kind: dragOf(event, context), x: event.clientX, y: event.clientY, from, start: from };
    if (drag.kind === 'crosshair') stage.goTo(from);
    if (drag.kind === 'length') onLength(null);
    if (isPainting(drag.kind)) stage.paint(pane, { from, to: from, brush: brush(), kind: drag.kind });
  }

  function isPainting(kind: Drag): kind is 'paint' | 'erase' | 'threshold' {
    return kind === 'paint' || kind === 'erase' || kind === 'threshold';
  }

  function move(event: PointerEvent): void {
    onPointer(place(event));
    if (pane.kind !== 'volume') onReadout(stage.readoutAt(world(event)));
    if (drag === undefined) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    drag.x = event.clientX;
    drag.y = event.clientY;
    if (isPainting(drag.kind)) {
      const to = onPlane(event);
      stage.paint(pane, { from: drag.from, to, brush: brush(), kind: drag.kind });
      drag.from = to;
    } else if (drag.kind === 'window') changeWindow(dx, dy);
    else if (drag.kind === 'crosshair') stage.goTo(onPlane(event));
    else if (drag.kind === 'length') onLength([drag.start, onPlane(event)]);
    else {
      if (drag.kind === 'pan') pane.pan(dx, dy);
      else if (drag.kind === 'zoom') pane.zoom(1 - dy / 200);
      else pane.rotate(dx, dy);
      pane.render();
      onPointer(place(event));
    }
  }

  function changeWindow(dx: number, dy: number): void {
    const [low, high] = stage.window;
    const width = high - low;
    const range = stage.rangeWidth;
    const speed = windowSpeed * Math.max(width, range / 50);
    const nextWidth = Math.max(range / 1000, width + (speed * dx) / Math.max(1, element.clientWidth));
    const centre = (low + high) / 2 + (speed * dy) / Math.max(1, element.clientHeight);
    stage.setWindow([centre - nextWidth / 2, centre + nextWidth / 2]);
  }

  function end(): void {
    if (drag && isPainting(drag.kind)) stage.endStroke();
    drag = undefined;
  }

  let wheelRest = 0;
  function wheel(event: WheelEvent): void {
    event.preventDefault();
    if (event.ctrlKey || pane.kind === 'volume') {
      pane.zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1);
      pane.render();
      onPointer(place(event));
      return;
    }
    // Touchpads send many small steps; a slice for every 40 pixels, a notch of a wheel is one slice at least.
    wheelRest += event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY / 40 : event.deltaY;
    const isNotch = Math.abs(event.deltaY) >= 100;
    const slices = isNotch ? Math.sign(event.deltaY) : Math.trunc(wheelRest);
    if (slices === 0) return;
    wheelRest = isNotch ? 0 : wheelRest - slices;
    stage.scroll(pane, slices);
    onReadout(stage.readoutAt(world(event)));
  }

  const steps: Readonly<Record<string, number>> = {
    ArrowUp: -1,
    ArrowLeft: -1,
    ArrowDown: 1,
    ArrowRight: 1,
    PageUp: -10,
    PageDown: 10,
  };

  function key(event: KeyboardEvent): void {
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (pane.kind === 'volume') {
      pane.rotate(
        event.key === 'ArrowLeft' ? -20 : event.key === 'ArrowRight' ? 20 : 0,
        event.key === 'ArrowUp' ? -20 : event.key === 'ArrowDown' ? 20 : 0,
      );
      pane.render();
      return;
    }
    stage.scroll(pane, step);
    onReadout(stage.readoutAt(stage.point));
  }

  listen('pointerdown', begin);
  listen('pointermove', move);
  listen('pointerup', end);
  listen('lostpointercapture', end);
  listen('pointerleave', () => {
    onPointer(null);
    onReadout(null);
  });
  listen('wheel', wheel, { passive: false });
  listen('contextmenu', (event) => event.preventDefault());
  listen('keydown', key);
  return () => abort.abort();
}

/** Millimetres between two points. */
export function lengthMm(a: Point, b: Point): number {
  const [p, q] = [rasFromLps(a), rasFromLps(b)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}
