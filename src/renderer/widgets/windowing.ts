/** @file Which rows of a long list are on the screen: rows of one height, so a scroll position is a row number. */

export interface RowWindow {
  /** First row to draw, and the one after the last. */
  readonly first: number;
  readonly end: number;
  /** Empty pixels above and below the rows that are drawn. */
  readonly above: number;
  readonly below: number;
}

/**
 * Rows to draw, with `overscan` more at both ends so that scrolling by keys never shows a gap. Every row when the list is short
 * (at most `drawAllUpTo`, default 200). A list scrolled beyond its end, as after removing rows, draws its last ones.
 */
export function rowWindow(options: {
  rowCount: number;
  rowHeight: number;
  scrollTop: number;
  viewHeight: number;
  overscan?: number;
  drawAllUpTo?: number;
}): RowWindow {
  const { rowCount, rowHeight, scrollTop, viewHeight, overscan = 8, drawAllUpTo = 200 } = options;
  if (rowCount <= drawAllUpTo) return { first: 0, end: rowCount, above: 0, below: 0 };
  const visible = Math.ceil(viewHeight / rowHeight) + 1;
  const top = Math.max(0, Math.min(Math.floor(scrollTop / rowHeight), rowCount - visible));
  const first = Math.max(0, top - overscan);
  const end = Math.min(rowCount, top + visible + overscan);
  return { first, end, above: first * rowHeight, below: (rowCount - end) * rowHeight };
}

/** The scroll position that brings a row into view with the least movement; `scrollTop` itself when it is seen whole. */
export function scrollToRow(options: {
  row: number;
  rowHeight: number;
  scrollTop: number;
  viewHeight: number;
}): number {
  const { row, rowHeight, scrollTop, viewHeight } = options;
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + viewHeight) return top + rowHeight - viewHeight;
  return scrollTop;
}
