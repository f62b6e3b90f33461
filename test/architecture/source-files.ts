/** @file Reads the source tree for the architecture tests: files and what each imports. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Path from the repository root, for relative imports. */
  readonly target: string | undefined;
}

export interface SourceFile {
  /** Path from the repository root. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;

export function readSources(folder: string): SourceFile[] {
  const absolute = join(root, folder);
  return readdirSync(absolute, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|svelte)$/.test(path) && !path.includes('node_modules'))
    .map((path) => readSource(join(absolute, path)));
}

function readSource(absolute: string): SourceFile {
  const text = readFileSync(absolute, 'utf8');
  const imports = [...text.matchAll(importPattern)].map((match) => {
    const specifier = (match[1] ?? match[2] ?? match[3])!;
    const line = text.slice(0, match.index + match[0].length).split('\n').length;
    const target = specifier.startsWith('.')
      ? relative(root, resolve(dirname(absolute), specifier))
      : undefined;
    return { specifier, line, target };
  });
  return { path: relative(root, absolute), text, imports };
}
