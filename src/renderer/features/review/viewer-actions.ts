/** @file Keys of the viewer panel, for the keyboard, the shortcuts sheet and the native menu. */
import type { Action } from '../../state/actions.svelte.ts';
import type { ViewerLayout } from '../../viewer/types.ts';
import { nextStep, slabStepsMm } from './steps.ts';
import { type ViewingTool, viewerPanel } from './viewer-panel.svelte.ts';

export interface Choice<T> {
  readonly value: T;
  /** For tips and the shortcuts sheet. */
  readonly label: string;
  readonly key: string;
}

export const layoutChoices: readonly (Choice<ViewerLayout> & { readonly id: string })[] = [
  { value: 'axial', label: 'Axial', key: '1', id: 'view.single' },
  { value: 'sagittal', label: 'Sagittal', key: '2', id: 'view.sagittal' },
  { value: 'coronal', label: 'Coronal', key: '3', id: 'view.coronal' },
  { value: 'four', label: 'Three planes and 3-D', key: '4', id: 'view.grid' },
  { value: 'volume', label: '3-D', key: '5', id: 'view.volume' },
  { value: 'compare', label: 'Compare side by side', key: '6', id: 'view.compare' },
];

export const toolChoices: readonly Choice<ViewingTool>[] = [
  { value: 'window', label: 'Window and level', key: 'w' },
  { value: 'pan', label: 'Pan', key: 'p' },
  { value: 'zoom', label: 'Zoom', key: 'z' },
  { value: 'crosshair', label: 'Crosshair', key: 'c' },
  { value: 'length', label: 'Measure length', key: 'l' },
];

const group = 'Viewer';

interface Panel {
  /** Whether an image is on the screen. */
  isShown(): boolean;
  timePoints(): number;
  setTool(tool: ViewingTool): void;
  chooseWindow(): void;
  automaticWindow(): void;
  snapshot(): void;
}

function hasOwnSpace(element: Element | null): boolean {
  return element?.matches('button, input, select, a, summary, [role="option"], [role="treeitem"]') ?? false;
}

export function viewerActions(panel: Panel): readonly Action[] {
  const isEnabled = () => panel.isShown();
  const isCine = () => panel.isShown() && panel.timePoints() > 1;
  const thicken = (direction: 1 | -1) => () => {
    viewerPanel.slabMm = nextStep(slabStepsMm, viewerPanel.slabMm, direction);
  };
  const step = (by: 1 | -1) => () => {
    const { status, commands } = viewerPanel;
    const count = panel.timePoints();
    commands?.setTimePoint(((status?.timePoint ?? 0) + by + count) % count);
  };
  return [
    ...layoutChoices.map(({ value, label, key, id }) => ({
      id,
      label,
      group,
      keys: [key],
      isEnabled,
      run: () => {
        viewerPanel.layout = value;
      },
    })),
    ...toolChoices.map(({ value, label, key }) => ({
      id: `viewer.${value}`,
      label,
      group,
      keys: [key],
      isEnabled,
      run: () => panel.setTool(value),
    })),
    {
      id: 'viewer.presets',
      label: 'Choose a window',
      group,
      keys: ['shift+w'],
      isEnabled,
      run: () => panel.chooseWindow(),
    },
    {
      id: 'viewer.auto',
      label: 'Automatic window',
      group,
      keys: ['a'],
      isEnabled,
      run: () => panel.automaticWindow(),
    },
    { id: 'viewer.thicker', label: 'Thicker MIP slab', group, keys: ['m'], isEnabled, run: thicken(1) },
    {
      id: 'viewer.thinner',
      label: 'Thinner MIP slab',
      group,
      keys: ['shift+m'],
      isEnabled,
      run: thicken(-1),
    },
    {
      id: 'viewer.reset',
      label: 'Reset the view',
      group,
      keys: ['r'],
      isEnabled,
      run: () => viewerPanel.commands?.resetView(),
    },
    {
      id: 'viewer.snapshot',
      label: 'Save a picture',
      group,
      keys: ['shift+s'],
      isEnabled,
      run: () => panel.snapshot(),
    },
    {
      id: 'viewer.play',
      label: 'Play or stop the cine',
      group,
      keys: ['Space'],
      // On a button or a box, Space is theirs.
      isEnabled: () => isCine() && !hasOwnSpace(document.activeElement),
      run: () => viewerPanel.commands?.setPlaying(!viewerPanel.status?.isPlaying),
    },
    {
      id: 'viewer.later',
      label: 'Next time point',
      group,
      keys: ['shift+ArrowRight'],
      isEnabled: isCine,
      run: step(1),
    },
    {
      id: 'viewer.earlier',
      label: 'Time point before',
      group,
      keys: ['shift+ArrowLeft'],
      isEnabled: isCine,
      run: step(-1),
    },
  ];
}
