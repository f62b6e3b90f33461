/** @file What the viewer panel shows and how: layout, tool, slab, what the viewer last said. One for the window, so that it stays as it was from page to page. */
import type {
  Readout,
  ViewerCommands,
  ViewerLayout,
  ViewerStatus,
  ViewerTool,
  ViewerVolume,
} from '../../viewer/types.ts';

export const viewingTools = ['window', 'pan', 'zoom', 'crosshair', 'length'] as const satisfies ViewerTool[];
export type ViewingTool = (typeof viewingTools)[number];

/** Thickest slab; a larger one shows the whole head or chest in most scans. */
export const largestSlabMm = 100;
const slabStepsMm = [0, 3, 5, 10, 15, 20, 30, 50, 75, largestSlabMm];

/** The next thicker (+1) or thinner (-1) slab of those that keys step through. */
export function nextSlab(slabMm: number, direction: 1 | -1): number {
  return direction === 1
    ? (slabStepsMm.find((mm) => mm > slabMm) ?? largestSlabMm)
    : (slabStepsMm.findLast((mm) => mm < slabMm) ?? 0);
}

class ViewerPanelState {
  layout = $state<ViewerLayout>('four');
  tool = $state<ViewingTool>('window');
  /** 0 shows single slices. */
  slabMm = $state(0);
  isBlinking = $state(false);
  /** The image that is shown. */
  volume = $state.raw<ViewerVolume | null>(null);
  commands = $state.raw<ViewerCommands | null>(null);
  status = $state.raw<ViewerStatus | null>(null);
  readout = $state.raw<Readout | null>(null);

  /** When the viewer leaves the screen. */
  forget(): void {
    this.volume = null;
    this.commands = null;
    this.status = null;
    this.readout = null;
    this.isBlinking = false;
  }
}

export const viewerPanel = new ViewerPanelState();
