/** @file What is looked at: page, selection, theme, sizes of panels. What should last is remembered by this browser. */
import type { PredictionId, RunId, VolumeId } from '../../contract/ids.ts';

export const pages = ['data', 'train', 'predict', 'review', 'plugins'] as const;
export type Page = (typeof pages)[number];
export type Theme = 'dark' | 'light' | 'system';
export type DialogName =
  | 'shortcuts'
  | 'settings'
  | 'export'
  | 'openProject'
  | 'newProject'
  | 'renameProject'
  | 'import';

const remembered = {
  theme: 'dark' as Theme,
  libraryWidth: 264,
  inspectorWidth: 304,
  /** 0 until the person moves the edge: then a share of the window. */
  runsHeight: 0,
  runTableWidth: 0,
  isLibraryOpen: true,
  isInspectorOpen: true,
  isRunsOpen: true,
};
type Remembered = typeof remembered;
const storageKey = 'sagitta.view';

function recall(): Remembered {
  const text = localStorage.getItem(storageKey);
  if (text === null) return remembered;
  try {
    return { ...remembered, ...(JSON.parse(text) as Partial<Remembered>) };
  } catch {
    // Somebody edited it; what cannot be read is forgotten.
    return remembered;
  }
}

class ViewState {
  #page = $state<Page>('data');
  /**
   * Unsaved work on the page: asked before another page is shown. When it answers true it has taken over, and calls `go` once the
   * person has decided, or never.
   */
  holdBack: ((go: () => void) => boolean) | null = null;
  dialog = $state<DialogName | null>(null);
  image = $state<VolumeId | null>(null);
  run = $state<RunId | null>(null);
  prediction = $state<PredictionId | null>(null);
  layout = $state<Remembered>(recall());

  get page(): Page {
    return this.#page;
  }

  set page(next: Page) {
    if (next === this.#page) return;
    const go = () => {
      this.#page = next;
    };
    if (!this.holdBack?.(go)) go();
  }

  remember<K extends keyof Remembered>(name: K, value: Remembered[K]): void {
    this.layout = { ...this.layout, [name]: value };
    localStorage.setItem(storageKey, JSON.stringify(this.layout));
  }

  /** Forgets what belongs to a project. */
  clearSelection(): void {
    this.image = null;
    this.run = null;
    this.prediction = null;
    // The project is closed already: nothing can be held back.
    this.#page = 'data';
  }
}

export const view = new ViewState();

/** Sets the theme on the document; 'system' follows the machine, also when it changes. Returns how to stop. */
export function applyTheme(theme: Theme): () => void {
  const light = matchMedia('(prefers-color-scheme: light)');
  const apply = () => {
    const isLight = theme === 'light' || (theme === 'system' && light.matches);
    document.documentElement.dataset.theme = isLight ? 'light' : 'dark';
  };
  apply();
  light.addEventListener('change', apply);
  return () => light.removeEventListener('change', apply);
}
