/**
 * @file Every action that has a key: one list from which the keyboard, the shortcuts sheet and the native menu are served.
 * Pages register theirs while they are on the screen.
 */
import { untrack } from 'svelte';

export interface Action {
  /** Stable, also the command's name in the native menu, e.g. `review.undo`. */
  readonly id: string;
  readonly label: string;
  /** Heading on the sheet: "Everywhere", "Viewer", "Correcting". */
  readonly group: string;
  /** e.g. `mod+z`, `shift+b`, `?`, `ArrowUp`; `mod` is Ctrl, or Cmd on a Mac. Several do the same. */
  readonly keys: readonly string[];
  readonly isEnabled?: () => boolean;
  readonly run: () => void;
}

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The key as it is written in an {@link Action}. Shift counts only with letters and named keys: `?` is `?` wherever it lies. */
export function keyOf(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey'>,
): string {
  const isNamed = event.key.length > 1;
  const isLetter = /^\p{L}$/u.test(event.key);
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const key = isNamed ? event.key : event.key.toLowerCase();
  return [
    mod ? 'mod+' : '',
    event.altKey ? 'alt+' : '',
    event.shiftKey && (isNamed || isLetter) ? 'shift+' : '',
    key === ' ' ? 'Space' : key,
  ].join('');
}

/** As people read it: `Ctrl Z`, `⌘ Z`. */
export function keyLabel(keys: string): string {
  const names: Record<string, string> = {
    mod: isMac ? '⌘' : 'Ctrl',
    shift: 'Shift',
    alt: isMac ? '⌥' : 'Alt',
    ArrowUp: '↑',
    ArrowDown: '↓',
    ArrowLeft: '←',
    ArrowRight: '→',
    PageUp: 'Page up',
    PageDown: 'Page down',
    Escape: 'Esc',
  };
  // A plus sign itself is the last part.
  return keys
    .replace(/\+$/, 'Plus')
    .split('+')
    .map((part) => names[part] ?? (part === 'Plus' ? '+' : part.length === 1 ? part.toUpperCase() : part))
    .join(' ');
}

class Actions {
  #groups = $state.raw<readonly (readonly Action[])[]>([]);
  /** Those registered last come first: a page's own keys win. */
  readonly all: readonly Action[] = $derived(this.#groups.toReversed().flat());

  /** Returns how to take them back. Call it in `$effect`. */
  register(actions: readonly Action[]): () => void {
    // The effect that registers must not depend on the list that it changes.
    untrack(() => {
      this.#groups = [...this.#groups, actions];
    });
    return () =>
      untrack(() => {
        this.#groups = this.#groups.filter((group) => group !== actions);
      });
  }

  run(id: string): boolean {
    return this.#runFirst(this.all.filter((action) => action.id === id));
  }

  /** As if the key had been pressed outside of any field, e.g. from the native menu. */
  runKey(key: string): boolean {
    return this.#runFirst(this.all.filter((action) => action.keys.includes(key)));
  }

  /** True when an action took the key. Keys typed into a field are the field's, save those with mod. */
  handleKey(event: KeyboardEvent): boolean {
    const key = keyOf(event);
    if (isTyping(event.target) && !key.startsWith('mod+')) return false;
    // A field's own undo is not the library's.
    if (isTyping(event.target) && /^mod\+(z|shift\+z|y|a|c|v|x)$/.test(key)) return false;
    return this.runKey(key);
  }

  #runFirst(candidates: readonly Action[]): boolean {
    const action = candidates.find(({ isEnabled }) => isEnabled?.() ?? true);
    action?.run();
    return action !== undefined;
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'range', 'button'].includes(target.type);
  return (
    target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
  );
}

export const actions = new Actions();
