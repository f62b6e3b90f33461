/** @file The page for people about metrics lists what the table of metrics has, and links to files that exist. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Metric, metricNames, metrics } from '../../src/evaluation/metrics.ts';

const docs = join(import.meta.dirname, '../../docs');
const page = readFileSync(join(docs, 'metrics.md'), 'utf8');

function rowOf(name: string, { label, unit, range, better, needs }: Metric): string {
  const [least, most] = range;
  const ends = `${least} – ${most === null ? '∞' : Number(most.toPrecision(3))}`;
  return `| \`${name}\` | ${label} | ${unit === '' ? '–' : unit} | ${ends} | ${better} | ${needs} |`;
}

it('docs/metrics.md has a row for each metric, with what the table says', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows).toEqual(metricNames.map((name) => rowOf(name, metrics[name])));
});

it('docs/metrics.md links to files that exist', () => {
  const links = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target!);
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((target) => !existsSync(join(docs, target)))).toEqual([]);
});
