/** @file Numbers as people read them: sizes, times, metrics. One place, so that all pages write them alike. */

/** "3 min left", "40 s left". */
export function timeLeft(seconds: number): string {
  return `${duration(seconds)} left`;
}

/** "40 s", "3 min", "2 h 05 min". */
export function duration(seconds: number): string {
  if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** "12.4 MB"; powers of 1000, as disks are sold. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** Three decimals for shares, fewer for larger numbers; a dash for what could not be computed. */
export function metric(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(1);
  return value.toFixed(size < 10 ? 3 : size < 1000 ? 1 : 0);
}

/** "0.438 ml"; of small ones two digits that count: "0.0031 ml". */
export function millilitres(ml: number | null | undefined): string {
  if (ml === null || ml === undefined || !Number.isFinite(ml)) return '–';
  return `${ml < 0.1 ? Number(ml.toPrecision(2)) : metric(ml)} ml`;
}

/** "256 × 256 × 180". */
export function dimensions(dims: readonly number[]): string {
  return dims.join(' × ');
}

/** "256×256×180", for narrow columns. */
export function dimensionsShort(dims: readonly number[]): string {
  return dims.join('×');
}

/** "0.9 × 0.9 × 1.2 mm". */
export function spacing(spacingMm: readonly number[]): string {
  return `${spacingMm.map((mm) => Number(mm.toPrecision(3))).join(' × ')} mm`;
}

/** "23 Nov 2026, 14:05" in the person's own language. */
export function when(timestamp: string): string {
  return new Date(timestamp).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** A path that fits a line: the last two folders, with an ellipsis before. */
export function shortPath(path: string): string {
  const separator = path.includes('\\') ? '\\' : '/';
  const parts = path.split(separator).filter(Boolean);
  return parts.length <= 3 ? path : `…${separator}${parts.slice(-2).join(separator)}`;
}
