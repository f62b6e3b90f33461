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
