/** @file The page of the viewer's browser tests: the viewer alone, its properties within reach of the test, and what it tells kept. */
import { cache } from '@cornerstonejs/core';
import { flushSync, mount, unmount } from 'svelte';
import type { Point } from '../../../../src/imaging/geometry/affine.ts';
import type {
  Brush,
  CompareSide,
  EditTarget,
  Overlay,
  Readout,
  ViewerCommands,
  ViewerLayout,
  ViewerStatus,
  ViewerTool,
  ViewerVolume,
} from '../../../../src/renderer/viewer/types.ts';
import Viewer from '../../../../src/renderer/viewer/Viewer.svelte';
import '../../../../src/renderer/theme.css';
import * as phantom from './phantom.ts';

interface Given {
  image: ViewerVolume | null;
  overlays: readonly Overlay[];
  compareWith: CompareSide | null;
  layout: ViewerLayout;
  tool: ViewerTool;
  edit: EditTarget | null;
  brush: Brush;
  slabMm: number;
  isBlinking: boolean;
}

const nothing: Given = {
  image: null,
  overlays: [],
  compareWith: null,
  layout: 'four',
  tool: 'window',
  edit: null,
  brush: { diameterMm: 10, range: null },
  slabMm: 0,
  isBlinking: false,
};

let status: ViewerStatus | undefined;
let readout: Readout | null = null;
let commands: ViewerCommands | undefined;
const errors: string[] = [];

class Properties {
  image = $state.raw<ViewerVolume | null>(null);
  overlays = $state.raw<readonly Overlay[]>([]);
  compareWith = $state.raw<CompareSide | null>(null);
  layout = $state<ViewerLayout>('four');
  tool = $state<ViewerTool>('window');
  edit = $state.raw<EditTarget | null>(null);
  brush = $state.raw<Brush>(nothing.brush);
  slabMm = $state(0);
  isBlinking = $state(false);
  onstatus = (next: ViewerStatus) => {
    status = next;
  };
  onreadout = (next: Readout | null) => {
    readout = next;
  };
  onready = (next: ViewerCommands) => {
    commands = next;
  };
  onerror = (error: unknown) => {
    errors.push(String(error));
  };
}

let gate = Promise.withResolvers<void>();
let properties = new Properties();
let component: ReturnType<typeof mount> | undefined;
const root = document.getElementById('root')!;

function open(): void {
  properties = new Properties();
  gate = Promise.withResolvers();
  component = mount(Viewer, { target: root, props: properties });
  flushSync();
}

async function close(): Promise<void> {
  if (component) await unmount(component);
  component = undefined;
}

const frame = () => new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));

/** The visible pictures' pixels, in the order of the page. */
function canvases(): HTMLCanvasElement[] {
  return [...root.querySelectorAll<HTMLCanvasElement>('.picture canvas')];
}

function pixelsOf(canvas: HTMLCanvasElement): ImageData {
  return canvas
    .getContext('2d', { willReadFrequently: true })!
    .getImageData(0, 0, canvas.width, canvas.height);
}

function fingerprint(): string {
  return canvases()
    .map((canvas) => {
      let hash = 0;
      const { data } = pixelsOf(canvas);
      for (let at = 0; at < data.length; at++) hash = (Math.imul(hash, 31) + data[at]!) | 0;
      return hash;
    })
    .join();
}

/** Resolves when nothing is loading and the pictures stayed the same over the projection's delay. */
async function settled(): Promise<void> {
  flushSync();
  let last = '';
  let since = performance.now();
  while (performance.now() - since < 160 || status?.isLoading === true) {
    await frame();
    const now = fingerprint();
    if (now === last) continue;
    last = now;
    since = performance.now();
  }
}

async function give(next: Partial<Given>): Promise<void> {
  Object.assign(properties, next);
  await settled();
}

/** Mean colour of 5 × 5 pixels around a place of a picture (CSS pixels). */
function colourAt(pane: number, [x, y]: readonly [number, number]): [number, number, number] {
  const canvas = canvases()[pane]!;
  const scale = canvas.width / canvas.clientWidth;
  const { data } = canvas
    .getContext('2d')!
    .getImageData(Math.round(x * scale) - 2, Math.round(y * scale) - 2, 5, 5);
  const sums: [number, number, number] = [0, 0, 0];
  for (let at = 0; at < data.length; at += 4)
    for (const channel of [0, 1, 2] as const) sums[channel] += data[at + channel]! / 25;
  return sums;
}

/** Where the crosshair stands in each plane of the layout 'four', CSS pixels. */
function crosses(): [number, number][] {
  return [...root.querySelectorAll('.cross')].map((cross) => {
    const [first, second] = [...cross.querySelectorAll('path')].map((path) => path.getAttribute('d')!);
    return [Number(/^M([-\d.e]+) /.exec(second!)![1]), Number(/^M0 ([-\d.e]+)H/.exec(first!)![1])];
  });
}

/** Goes to a point: its place in each plane, and the colour there. Planes are drawn with the next frame. */
async function lookAt(
  point: Point,
): Promise<{ places: [number, number][]; colours: [number, number, number][] }> {
  commands!.goTo(point);
  flushSync();
  for (let n = 0; n < 3; n++) await frame();
  const places = crosses();
  return { places, colours: places.map((place, pane) => colourAt(pane, place)) };
}

/** Mean brightness in 16 × 16 fields of each picture. */
function fields(): number[][] {
  const count = 16;
  return canvases().map((canvas) => {
    const { data, width, height } = pixelsOf(canvas);
    const sums = new Array<number>(count * count).fill(0);
    const sizes = new Array<number>(count * count).fill(0);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const field = Math.floor((y * count) / height) * count + Math.floor((x * count) / width);
        sums[field]! += data[4 * (y * width + x)]!;
        sizes[field]!++;
      }
    return sums.map((sum, field) => sum / sizes[field]!);
  });
}

/** How many pixels of a picture pass a test of their colour. */
function count(pane: number, test: (r: number, g: number, b: number) => boolean): number {
  const { data } = pixelsOf(canvases()[pane]!);
  let found = 0;
  for (let at = 0; at < data.length; at += 4) if (test(data[at]!, data[at + 1]!, data[at + 2]!)) found++;
  return found;
}

export const controls = {
  ...phantom,
  nothing,
  open,
  close,
  give,
  settled,
  lookAt,
  colourAt,
  crosses,
  fields,
  count,
  fingerprint,
  cacheBytes: () => cache.getCacheSize(),
  root,
  errors,
  /** For volumes that are to come late; a new one each time the viewer is opened. */
  get gate() {
    return gate;
  },
  get status() {
    return status!;
  },
  get readout() {
    return readout;
  },
  get commands() {
    return commands!;
  },
  get properties() {
    return properties;
  },
};

declare global {
  var harness: typeof controls;
}
globalThis.harness = controls;
