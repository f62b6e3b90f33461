/** @file Selecting in a list by pointer and keys, as every file manager does it: one, toggled, or a range from the anchor. Pure. */

export interface TreeSelection {
  /** The row that the keyboard stands on. */
  readonly active: string | null;
  /** Where a range begins. */
  readonly anchor: string | null;
  readonly selected: ReadonlySet<string>;
}

export const noSelection: TreeSelection = { active: null, anchor: null, selected: new Set() };

/** 'one' replaces, 'toggle' adds or takes away, 'range' takes all from the anchor, 'move' leaves the selection and moves the keyboard only. */
export type SelectMode = 'one' | 'toggle' | 'range' | 'move';

export function select(
  selection: TreeSelection,
  { key, mode, keys }: { key: string; mode: SelectMode; keys: readonly string[] },
): TreeSelection {
  if (mode === 'move') return { ...selection, active: key };
  if (mode === 'toggle') {
    const selected = new Set(selection.selected);
    if (!selected.delete(key)) selected.add(key);
    return { active: key, anchor: key, selected };
  }
  const from = selection.anchor === null ? -1 : keys.indexOf(selection.anchor);
  if (mode === 'one' || from < 0) return { active: key, anchor: key, selected: new Set([key]) };
  const to = keys.indexOf(key);
  const range = keys.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { active: key, anchor: selection.anchor, selected: new Set(range) };
}

/** Forgets rows that are gone; the keyboard then stands where the active row was, on its next neighbour. */
export function keepKnown(
  selection: TreeSelection,
  { before, now }: { before: readonly string[]; now: readonly string[] },
): TreeSelection {
  const known = new Set(now);
  const gone = [...selection.selected].some((key) => !known.has(key));
  const isActiveGone = selection.active !== null && !known.has(selection.active);
  if (!gone && !isActiveGone) return selection;
  const at = selection.active === null ? -1 : before.indexOf(selection.active);
  const active = isActiveGone ? (now[Math.min(Math.max(at, 0), now.length - 1)] ?? null) : selection.active;
  return {
    active,
    anchor: selection.anchor !== null && known.has(selection.anchor) ? selection.anchor : active,
    selected: new Set([...selection.selected].filter((key) => known.has(key))),
  };
}

/** The mode that the held keys ask for; `mod` is Ctrl or Cmd. */
export function modeOf(event: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }): SelectMode {
  if (event.shiftKey) return 'range';
  return event.ctrlKey || event.metaKey ? 'toggle' : 'one';
}
