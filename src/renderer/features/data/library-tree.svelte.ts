/** @file The library's tree while it is on the screen: what is open, searched and selected, and what keys do to it. */
import type { VolumeId } from '../../../contract/ids.ts';
import { libraryState } from '../../state/library.svelte.ts';
import { imageOfRow, type LibraryRow, libraryRows, volumesOf } from './library-rows.ts';
import { keepKnown, noSelection, type SelectMode, select, type TreeSelection } from './tree-selection.ts';

export interface TreeEvents {
  /** An image is to be shown. */
  readonly onOpen: (image: VolumeId) => void;
  /** Images and labels whose own rows are selected, in the order of the list. */
  readonly onSelection: (ids: readonly VolumeId[]) => void;
  /** The row is to be brought into view. */
  readonly onMove: (rowIndex: number) => void;
  readonly onRename: (subject: string) => void;
  readonly onMenu: () => void;
}

type Held = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey'>;

export class LibraryTree {
  search = $state('');
  #toggled = $state.raw<ReadonlySet<string>>(new Set());
  #selection = $state.raw<TreeSelection>(noSelection);
  readonly #events: TreeEvents;
  #keysBefore: readonly string[] = [];

  readonly rows: readonly LibraryRow[] = $derived(
    libraryRows(libraryState.current, { search: this.search, toggled: this.#toggled }),
  );
  readonly keys: readonly string[] = $derived(this.rows.map(({ key }) => key));
  readonly selectedRows: readonly LibraryRow[] = $derived(
    this.rows.filter(({ key }) => this.#selection.selected.has(key)),
  );
  readonly active: LibraryRow | undefined = $derived(
    this.rows.find(({ key }) => key === this.#selection.active),
  );

  constructor(events: TreeEvents) {
    this.#events = events;
  }

  isSelected(key: string): boolean {
    return this.#selection.selected.has(key);
  }

  /** The subject of the row that the keyboard stands on. */
  get activeSubject(): string | undefined {
    return this.active?.kind === 'subject' ? this.active.subject.name : this.active?.subject;
  }

  /** After the library changed: what is gone is not selected any more. */
  settle(): void {
    const before = this.#keysBefore;
    this.#keysBefore = this.keys;
    this.#selection = keepKnown(this.#selection, { before, now: this.keys });
  }

  /** An image was opened from elsewhere, e.g. after taking data in: its row is selected, unless a label of it is. */
  follow(image: VolumeId): void {
    const isOnLabel = this.active?.kind === 'label' && this.active.image.id === image;
    if (this.keys.includes(image) && !isOnLabel && this.active?.key !== image) this.choose(image, 'one');
  }

  choose(key: string, mode: SelectMode): void {
    this.#selection = select(this.#selection, { key, mode, keys: this.keys });
    if (mode !== 'move') this.#tell();
    this.#events.onMove(this.keys.indexOf(key));
  }

  open(row: LibraryRow): void {
    const image = imageOfRow(row);
    if (image) this.#events.onOpen(image.id);
  }

  toggle(key: string): void {
    const next = new Set(this.#toggled);
    if (!next.delete(key)) next.add(key);
    this.#toggled = next;
  }

  remove(): void {
    const ids = volumesOf(this.selectedRows);
    if (ids.length > 0) void libraryState.remove(ids);
  }

  rename(): void {
    if (this.activeSubject !== undefined) this.#events.onRename(this.activeSubject);
  }

  /** True when the key was the tree's. `page` is how many rows are seen. */
  handleKey(held: Held, page: number): boolean {
    const action = this.#keyActions(held, page)[held.key];
    action?.();
    return action !== undefined;
  }

  #keyActions(held: Held, page: number): Record<string, () => void> {
    const mod = held.ctrlKey || held.metaKey;
    if (mod && held.key.toLowerCase() === 'a') return { [held.key]: () => this.#selectOnly(this.keys) };
    if (held.shiftKey && held.key === 'F10') return { F10: this.#events.onMenu };
    const count = this.keys.length;
    return {
      ArrowDown: () => this.#step(1, held),
      ArrowUp: () => this.#step(-1, held),
      PageDown: () => this.#step(page, held),
      PageUp: () => this.#step(-page, held),
      Home: () => this.#step(-count, held),
      End: () => this.#step(count, held),
      ArrowRight: () => this.#into(),
      ArrowLeft: () => this.#outOf(),
      Enter: () => this.active && this.open(this.active),
      ' ': () => this.active && this.choose(this.active.key, 'toggle'),
      Delete: () => this.remove(),
      Backspace: () => this.remove(),
      F2: () => this.rename(),
      Escape: () => this.#selectOnly([]),
      ContextMenu: this.#events.onMenu,
    };
  }

  #step(by: number, held: Held): void {
    const now = this.active === undefined ? -1 : this.keys.indexOf(this.active.key);
    const key = this.keys[Math.max(0, Math.min(now + by, this.keys.length - 1))];
    const mode = held.shiftKey ? 'range' : held.ctrlKey || held.metaKey ? 'move' : 'one';
    if (key !== undefined) this.choose(key, mode);
  }

  #into(): void {
    if (this.active?.isOpen === false) this.toggle(this.active.key);
    else if (this.active?.isOpen) this.choose(this.keys[this.keys.indexOf(this.active.key) + 1]!, 'one');
  }

  #outOf(): void {
    if (this.active?.isOpen) this.toggle(this.active.key);
    else if (this.active?.parentKey) this.choose(this.active.parentKey, 'one');
  }

  #selectOnly(keys: readonly string[]): void {
    this.#selection = { ...this.#selection, selected: new Set(keys) };
    this.#tell();
  }

  #tell(): void {
    const volumes = this.selectedRows.filter(({ kind }) => kind !== 'subject');
    this.#events.onSelection(volumes.map(({ key }) => key as VolumeId));
  }
}
