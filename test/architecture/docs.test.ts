/** @file The docs against the project: links lead somewhere, generated pages are up to date. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorsPage } from '../../build/generate-docs.ts';
import { root } from './source-files.ts';

const pages = globSync(['*.md', 'docs/**/*.md', 'src/*.md', 'plugins/*/*.md'], { cwd: root });

describe('the docs', () => {
  it.each(pages)('%s links to what is there', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, target]) => target!);
    expect(targets.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([]);
  });

  it('list every error as the catalogues have it', () => {
    expect(readFileSync(join(root, 'docs/errors.md'), 'utf8'), 'run npm run generate').toBe(errorsPage());
  });
});
