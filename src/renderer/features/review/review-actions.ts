/** @file Keys of the page "Review": regions, blinking, and everything of correcting. Registered after the viewer's own, so they win while correcting. */
import type { Action } from '../../state/actions.svelte.ts';
import { pluginsState } from '../../state/plugins.svelte.ts';
import { type EditTool, editSession } from './edit-session.svelte.ts';
import { review } from './review.svelte.ts';
import { brushStepsMm, nextStep } from './steps.ts';
import { viewerPanel } from './viewer-panel.svelte.ts';

const looking = 'Reviewing';
const correcting = 'Correcting';

export const lookingActions: readonly Action[] = [
  {
    id: 'review.nextRegion',
    label: 'Next unsure region',
    group: looking,
    keys: ['n'],
    isEnabled: () => review.regions.length > 0,
    run: () => review.stepRegion(1),
  },
  {
    id: 'review.previousRegion',
    label: 'Unsure region before',
    group: looking,
    keys: ['shift+n'],
    isEnabled: () => review.regions.length > 0,
    run: () => review.stepRegion(-1),
  },
  {
    id: 'review.blink',
    label: 'Hide the overlays while held',
    group: looking,
    // While one corrects, plain b is the brush.
    keys: ['shift+b', 'b'],
    isEnabled: () => viewerPanel.commands !== null,
    run: () => {
      viewerPanel.isBlinking = true;
    },
  },
];

const isOn = () => editSession.isOn;

function toolAction(tool: EditTool, label: string, key: string): Action {
  return {
    id: `review.${tool}`,
    label,
    group: correcting,
    keys: [key],
    isEnabled: isOn,
    run: () => {
      editSession.tool = tool;
    },
  };
}

function brushAction(direction: 1 | -1, key: string): Action {
  return {
    id: direction === 1 ? 'review.largerBrush' : 'review.smallerBrush',
    label: direction === 1 ? 'Larger brush' : 'Smaller brush',
    group: correcting,
    keys: [key],
    isEnabled: isOn,
    run: () => {
      editSession.diameterMm = nextStep(brushStepsMm, editSession.diameterMm, direction);
    },
  };
}

/** Undo and redo are the correction's while one corrects, also when there is nothing left of it: a key must not reach the library then. */
export const correctingActions: readonly Action[] = [
  toolAction('brush', 'Brush', 'b'),
  toolAction('eraser', 'Eraser', 'e'),
  toolAction('thresholdBrush', 'Threshold brush', 't'),
  brushAction(-1, '['),
  brushAction(1, ']'),
  {
    id: 'review.fill',
    label: 'Fill between slices',
    group: correcting,
    keys: ['f'],
    isEnabled: isOn,
    run: () => {
      viewerPanel.commands?.fillBetweenSlices();
      editSession.touch();
    },
  },
  {
    id: 'review.undo',
    label: 'Undo a stroke',
    group: correcting,
    keys: ['mod+z'],
    isEnabled: isOn,
    run: () => {
      viewerPanel.commands?.undo();
      editSession.touch();
    },
  },
  {
    id: 'review.redo',
    label: 'Redo a stroke',
    group: correcting,
    keys: ['mod+shift+z', 'mod+y'],
    isEnabled: isOn,
    run: () => {
      viewerPanel.commands?.redo();
      editSession.touch();
    },
  },
  {
    id: 'review.save',
    label: 'Save the correction',
    group: correcting,
    keys: ['mod+s'],
    isEnabled: isOn,
    run: () => {
      if (editSession.hasUnsaved) void editSession.save(pluginsState.preferences.rater);
    },
  },
];
