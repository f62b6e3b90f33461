/** @file The version of Sagitta that runs, from its own package.json. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Looks upwards from this file, so that it is found from the sources and from a built bundle alike; `unknown` when it is not. */
export function appVersion(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const text = readIfThere(join(folder, 'package.json'));
    const parsed = text === undefined ? {} : (JSON.parse(text) as { name?: string; version?: string });
    if (parsed.name === 'sagitta' && parsed.version !== undefined) return parsed.version;
    if (folder === dirname(folder)) return 'unknown';
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
