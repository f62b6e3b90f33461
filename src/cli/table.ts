/** @file Columns of text for people. */

/** Rows as aligned columns; the last column is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map((row) => row[i]?.length ?? 0)),
  );
  return rows
    .map((row) => row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]! + 2))).join(''))
    .join('\n');
}

/** A metric for people: three decimals, counts whole, "–" where it is not defined. */
export function metricText(value: unknown): string {
  if (typeof value !== 'number') return value === null || value === undefined ? '–' : JSON.stringify(value);
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}
