/**
 * @file MIP loss against none: the same phantoms, seeds and budget for each variant, compared case by case.
 * Usage: node test/bench/mip-experiment.ts OUT [--steps N] [--seeds N] [--cases N]. Writes OUT/results.json and prints a Markdown table.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { comparePaired, summarise } from '../../src/evaluation/statistics.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: 'string', default: '800' },
    seeds: { type: 'string', default: '3' },
    cases: { type: 'string', default: '12' },
  },
});
const out = positionals[0];
if (out === undefined) throw new Error('give a folder to write to');

const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
const caseCount = Number(values.cases);
const epochs = 10;
const variants = {
  none: ['--set', 'mip=off'],
  single: ['--set', 'mip=single', '--set', 'mipAxis=z'],
  multi: ['--set', 'mip=multi'],
};
type Variant = keyof typeof variants;
const metricNames = [
  'dice',
  'clDice',
  'skeletonRecall',
  'betti0Error',
  'componentsPerCm',
  'gapCount',
] as const;

const cli = join(import.meta.dirname, '../../src/cli/main.ts');

function sagitta(...args: string[]): unknown {
  const text = execFileSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', cli, ...args, '--json'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    },
  );
  return JSON.parse(text);
}

const train = join(out, 'train');
const test = join(out, 'test');
if (!existsSync(train)) sagitta('phantom', 'vessels', '--out', train, '--count', '10', '--seed', '100');
if (!existsSync(test))
  sagitta('phantom', 'vessels', '--out', test, '--count', String(caseCount), '--seed', '5000');

/** One row a held-out case: metric → value. */
type Row = Record<string, number | null>;
const results: Record<Variant, Row[]> = { none: [], single: [], multi: [] };

for (const seed of seeds) {
  for (const variant of Object.keys(variants) as Variant[]) {
    const run = join(out, `run-${variant}-${seed}`);
    const predictions = join(out, `predictions-${variant}-${seed}`);
    const budget = [
      '--set',
      `epochs=${epochs}`,
      '--set',
      `stepsPerEpoch=${Math.round(Number(values.steps) / epochs)}`,
    ];
    sagitta(
      'train',
      'vessel-mip',
      '--data',
      train,
      '--out',
      run,
      '--seed',
      String(seed),
      '--preset',
      'quick',
      ...budget,
      ...variants[variant],
      '--resume',
    );
    sagitta('predict', run, join(test, 'imagesTr'), '--out', predictions);
    for (let index = 1; index <= caseCount; index++) {
      const name = `vessels_${String(index).padStart(3, '0')}`;
      const row = sagitta(
        'evaluate',
        join(predictions, `${name}_labels.nii.gz`),
        join(test, 'labelsTr', `${name}.nii.gz`),
        '--metrics',
        metricNames.join(','),
      ) as Row;
      results[variant].push({ seed, ...row });
    }
    process.stderr.write(`seed ${seed}, ${variant}: ${JSON.stringify(results[variant].at(-1))}\n`);
    writeFileSync(join(out, 'results.json'), JSON.stringify(results, null, 1));
  }
}

/** Per case the mean over the seeds: cases are the independent pairs, repetitions of one case are not. */
function byCase(variant: Variant, metric: string): (number | null)[] {
  return Array.from({ length: caseCount }, (_, index) => {
    const found = results[variant]
      .filter((_row, i) => i % caseCount === index)
      .map((row) => row[metric] ?? null);
    return summarise(found).mean;
  });
}

const decimals = (value: number | null, digits = 3) => (value === null ? '–' : value.toFixed(digits));
const lines = [
  '| metric | none | single (z) | multi | single − none | multi − none |',
  '|---|---|---|---|---|---|',
];
for (const metric of metricNames) {
  const means = (Object.keys(variants) as Variant[]).map((variant) => {
    const { mean, sd } = summarise(byCase(variant, metric));
    return `${decimals(mean)} ± ${decimals(sd)}`;
  });
  const compared = (['single', 'multi'] as const).map((variant) => {
    const pair = comparePaired(byCase(variant, metric), byCase('none', metric), { seed: 1 });
    if (pair === null) return '–';
    const { low, high } = pair.meanInterval;
    return `${decimals(pair.meanDifference)} [${decimals(low)}, ${decimals(high)}], p = ${decimals(pair.wilcoxon.pValue)}, r = ${decimals(pair.wilcoxon.effectSize, 2)}`;
  });
  lines.push(`| ${metric} | ${[...means, ...compared].join(' | ')} |`);
}
writeFileSync(join(out, 'table.md'), `${lines.join('\n')}\n`);
process.stdout.write(`${lines.join('\n')}\n`);
