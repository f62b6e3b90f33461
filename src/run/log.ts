/** @file The log of a run, log.ndjson: one JSON object a line, each with the step that it belongs to. */

export interface LogEntry {
  readonly event: string;
  /** Updates done when it was written. */
  readonly step: number;
  readonly [field: string]: unknown;
}

/**
 * The part of a log that still holds after going back to a checkpoint: whole lines up to `step`. A last line cut off by a
 * crash is dropped, and so is everything that the resumed run will do again.
 */
export function keepUntilStep(text: string, step: number): string {
  let kept = '';
  for (const line of text.split('\n').slice(0, -1)) {
    const entry = parseLine(line);
    if (entry === undefined || entry.step > step) break;
    kept += `${line}\n`;
  }
  return kept;
}

/** All whole lines of a log. */
export function parseLog(text: string): LogEntry[] {
  return text
    .split('\n')
    .map(parseLine)
    .filter((entry) => entry !== undefined);
}

function parseLine(line: string): LogEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isEntry = typeof value === 'object' && value !== null && 'step' in value && 'event' in value;
    return isEntry ? (value as LogEntry) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
