/** @file Every command as a user runs it: its JSON document field by field, what else it prints, and its files. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { documentOf, makePhantoms, sagitta, start, temporaryFolder, tiny } from './helpers.ts';

let cwd: string;
let remove: () => Promise<void>;
let phantomFiles: string[];
let trained: { run: string; steps: number; metrics: Record<string, number | null>; weightsSha256: string };

const image = 'phantoms/imagesTr/vessels_001_0000.nii.gz';
const label = 'phantoms/labelsTr/vessels_001.nii.gz';

beforeAll(async () => {
  ({ folder: cwd, remove } = await temporaryFolder('commands'));
  phantomFiles = await makePhantoms(cwd, { out: 'phantoms', count: 3 });
  trained = await documentOf(
    ['train', 'vessel-mip', '--data', 'phantoms', '--out', 'run', '--preset', 'quick', ...tiny],
    { cwd },
  );
});
afterAll(() => remove());

describe('phantom', () => {
  it('lists the files it wrote, all of them there', () => {
    expect(phantomFiles).toContain(image);
    expect(phantomFiles).toContain(label);
    expect(phantomFiles.filter((file) => !existsSync(join(cwd, file)))).toEqual([]);
  });

  it('writes the same bytes for the same seed, others for another', async () => {
    const make = (out: string, seed: string) =>
      sagitta(['phantom', 'vessels', '--out', out, '--size', '32', '--seed', seed], { cwd });
    await Promise.all([make('a', '5'), make('b', '5'), make('c', '6')]);
    const bytes = (folder: string) =>
      readFileSync(join(cwd, folder, 'imagesTr/vessels_001_0000.nii.gz')).toString('base64');
    expect(bytes('a')).toBe(bytes('b'));
    expect(bytes('a')).not.toBe(bytes('c'));
  });

  it('writes a label map for each rater', async () => {
    const args = ['phantom', 'vessels', '--out', 'raters', '--size', '32', '--raters', '3'];
    const { outputs } = await documentOf<{ outputs: string[] }>(args, { cwd });
    expect(outputs.filter((file) => file.includes('/rater'))).toHaveLength(3);
  });
});

describe('info', () => {
  it('describes each file with exactly the promised fields', async () => {
    const rows = await documentOf<Record<string, unknown>[]>(['info', image, label], { cwd });
    expect(rows.map(({ file }) => file)).toEqual([image, label]);
    expect(rows[0]).toEqual({
      file: image,
      format: 'NIfTI-1',
      dims: [48, 48, 48],
      spacingMm: [expect.closeTo(0.5), expect.closeTo(0.5), expect.closeTo(0.5)],
      affine: [
        [expect.closeTo(0.5), 0, 0, expect.any(Number)],
        [0, expect.closeTo(0.5), 0, expect.any(Number)],
        [0, 0, expect.closeTo(0.5), expect.any(Number)],
        [0, 0, 0, 1],
      ],
      dtype: 'int16',
      orientation: 'RAS',
      timePoints: 1,
      components: 1,
      min: expect.any(Number),
      max: expect.any(Number),
      mean: expect.any(Number),
    });
    expect(rows[1]).toMatchObject({ dims: [48, 48, 48], min: 0, max: 1 });
  });

  it('prints a table for people on stdout', async () => {
    const { stdout, code } = await sagitta(['info', image], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('48 × 48 × 48');
    expect(stdout).toContain('0.5 × 0.5 × 0.5 mm');
  });
});

describe('output', () => {
  it('that nobody reads any more ends the command quietly', async () => {
    const running = start(['info', image, image, image], { cwd });
    running.child.stdout!.destroy();
    expect(await running.finished).toMatchObject({ code: 0, stderr: '' });
  });

  it('of progress goes to stderr', async () => {
    const { stdout, stderr } = await sagitta(['phantom', 'vessels', '--out', 'p', '--size', '32', '--json'], {
      cwd,
    });
    expect(JSON.parse(stdout)).toHaveProperty('outputs');
    expect(stderr).toMatch(/^Making phantoms ━+ 100 % {2}in \d+ s\n$/);
  });
});

describe('convert', () => {
  it('writes the same volume in the other packing', async () => {
    expect(await documentOf(['convert', image, 'plain.nii'], { cwd })).toEqual({ outputs: ['plain.nii'] });
    await documentOf(['convert', 'plain.nii', 'again.nii.gz'], { cwd });
    const rows = await documentOf<{ file: string }[]>(['info', image, 'plain.nii', 'again.nii.gz'], { cwd });
    const [before, plain, again] = rows.map(({ file, ...rest }) => rest);
    expect(plain).toEqual(before);
    expect(again).toEqual(before);
  });
});

describe('train', () => {
  it('returns run, steps, metrics and the hash of the weights', () => {
    expect(trained).toEqual({
      run: 'run',
      steps: 12,
      metrics: { loss: expect.any(Number), dice: expect.any(Number), clDice: expect.any(Number) },
      weightsSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('stops after --max-steps and ends, resumed, in the weights of an uninterrupted run', async () => {
    const train = ['train', 'vessel-mip', '--data', 'phantoms', '--out', 'halves'];
    const first = await documentOf<typeof trained>(
      [...train, '--preset', 'quick', ...tiny, '--max-steps', '5'],
      {
        cwd,
      },
    );
    expect(first.steps).toBe(5);
    expect(first.weightsSha256).not.toBe(trained.weightsSha256);
    const second = await documentOf<typeof trained>([...train, '--resume'], { cwd });
    expect(second).toEqual({ ...trained, run: 'halves' });
  });

  it('logs one JSON object a line', () => {
    const lines = readFileSync(join(cwd, 'run/log.ndjson'), 'utf8').trimEnd().split('\n');
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events.filter((event) => event === 'step')).toHaveLength(12);
    expect(events.filter((event) => event === 'epoch')).toHaveLength(3);
  });

  it('leaves no path and no lock in the run folder', () => {
    for (const file of ['recipe.json', 'run.json', 'log.ndjson'])
      expect(readFileSync(join(cwd, 'run', file), 'utf8')).not.toContain(cwd);
    expect(existsSync(join(cwd, 'run/lock'))).toBe(false);
  });

  it('another seed gives other weights', async () => {
    const other = await documentOf<typeof trained>(
      [
        'train',
        'vessel-mip',
        '--data',
        'phantoms',
        '--out',
        'seed2',
        '--seed',
        '2',
        '--preset',
        'quick',
        ...tiny,
      ],
      { cwd },
    );
    expect(other.weightsSha256).not.toBe(trained.weightsSha256);
  });
});

describe('predict and evaluate', () => {
  it('a file: labels, probability, uncertainty and a list, on the grid of the input', async () => {
    const { outputs } = await documentOf<{ outputs: string[] }>(['predict', 'run', image, '--out', 'one'], {
      cwd,
    });
    expect(outputs).toEqual([
      'one/vessels_001_labels.nii.gz',
      'one/vessels_001_probability.nii.gz',
      'one/vessels_001_uncertainty.nii.gz',
      'one/outputs.json',
    ]);
    const rows = await documentOf<{ affine: number[][]; dims: number[] }[]>(
      ['info', image, ...outputs.slice(0, 3)],
      { cwd },
    );
    for (const { affine, dims } of rows.slice(1)) {
      expect({ affine, dims }).toEqual({ affine: rows[0]!.affine, dims: rows[0]!.dims });
    }
    expect(rows[2]).toMatchObject({ dtype: 'float32' });
    expect(rows[3]).toMatchObject({ dtype: 'float32' });
  });

  it('a folder: every volume in it, the same bytes as alone', async () => {
    const { outputs } = await documentOf<{ outputs: string[] }>(
      ['predict', 'run', 'phantoms/imagesTr', '--out', 'all'],
      { cwd },
    );
    expect(outputs.filter((file) => file.endsWith('_labels.nii.gz'))).toHaveLength(3);
    const bytes = (folder: string) => readFileSync(join(cwd, folder, 'vessels_001_labels.nii.gz'));
    expect(bytes('all').equals(bytes('one'))).toBe(true);
  });

  it('of a mask with itself is perfect, and every number is finite or null', async () => {
    const values = await documentOf<Record<string, number | null>>(['evaluate', label, label], { cwd });
    expect(values).toMatchObject({ dice: 1, clDice: 1, hausdorff95: 0, betti0Error: 0, gapCount: 0 });
    for (const value of Object.values(values)) expect(value === null || Number.isFinite(value)).toBe(true);
  });

  it('--metrics chooses the metrics', async () => {
    const args = ['evaluate', 'one/vessels_001_labels.nii.gz', label, '--metrics', 'dice,clDice'];
    const values = await documentOf<Record<string, number>>(args, { cwd });
    expect(Object.keys(values)).toEqual(['dice', 'clDice']);
    expect(values.dice).toBeGreaterThanOrEqual(0);
    expect(values.dice).toBeLessThanOrEqual(1);
  });
});

describe('plugin, devices, demo', () => {
  it('plugin list names the built-in plugin with its settings', async () => {
    const [row] = await documentOf<{ manifest: { id: string; settings: object }; version: string }[]>(
      ['plugin', 'list'],
      { cwd },
    );
    expect(row).toMatchObject({
      manifest: { id: 'vessel-mip' },
      version: expect.stringMatching(/^\d+\.\d+/),
    });
    expect(Object.keys(row!.manifest.settings)).toContain('mip');
    const { stdout } = await sagitta(['plugin', 'list', 'vessel-mip'], { cwd });
    expect(stdout).toContain('Presets:\n  quick');
  });

  it('bench gives rows of seconds, ratio and peak memory', async () => {
    const rows = await documentOf<Record<string, number | string | null>[]>(
      ['bench', 'load', '--repeat', '1'],
      {
        cwd,
      },
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      const fields = ['name', 'ours', 'oursPeakBytes', 'peer', 'peerName', 'peerPeakBytes', 'ratio'];
      expect(Object.keys(row).sort()).toEqual(fields);
      expect(row.ours).toBeGreaterThan(0);
      expect(row.ratio === null).toBe(row.peer === null);
    }
  });

  it('devices lists the processor', async () => {
    const rows = await documentOf<Record<string, unknown>[]>(['devices'], { cwd });
    expect(rows[0]).toEqual({
      id: 'cpu',
      kind: 'cpu',
      name: expect.any(String),
      memoryBytes: expect.any(Number),
      features: expect.arrayContaining([expect.any(String)]),
      gflops: expect.any(Number),
    });
    expect(rows[0]!.gflops).toBeGreaterThan(0);
  });

  it('every command explains itself with an example', async () => {
    const { stdout } = await sagitta(['--help'], { cwd });
    const names = [...stdout.matchAll(/^ {2}(\w+) {2}/gm)].map((match) => match[1]!);
    expect(names).toEqual(expect.arrayContaining(['info', 'train', 'predict', 'demo', 'bench']));
    const helps = await Promise.all(names.map((name) => sagitta([name, '--help'], { cwd })));
    for (const [i, { code, stdout: help }] of helps.entries()) {
      expect(code, names[i]).toBe(0);
      expect(help).toMatch(new RegExp(`^Usage: sagitta ${names[i]} [^]*Examples:\\n  sagitta ${names[i]}`));
    }
  });
});
