/** @file Cornerstone, started once: WebGL where there is one, else its own drawing on the processor. */
import { cache, Enums, getConfiguration, init, RenderingEngine } from '@cornerstonejs/core';

let isStarted = false;
let count = 0;

/** The cache never throws volumes away by itself here: the viewer removes what it made. */
const cacheBytes = 8e9;

function start(): void {
  if (isStarted) return;
  // One drawing context for all pictures, so that a volume lies in the graphics memory once.
  const { rendering, ...rest } = getConfiguration();
  init({ ...rest, rendering: { ...rendering, renderingEngineMode: Enums.RenderingEngineModeEnum.Tiled } });
  cache.setMaxCacheSize(cacheBytes);
  isStarted = true;
}

/** A name that no other object of this page has. */
export function uniqueName(kind: string): string {
  count++;
  return `${kind}-${count}`;
}

export function makeEngine(): RenderingEngine {
  start();
  return new RenderingEngine(uniqueName('engine'));
}
