/** @file Tables as CSV. Source: RFC 4180; formulas: OWASP, "CSV Injection". */

/**
 * Lines end in CR LF. Numbers are written with a point and as many digits as they have; null and what is not finite is empty.
 * Text that a spreadsheet would take for a formula gets an apostrophe in front.
 */
export function csv(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
