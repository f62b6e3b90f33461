/** @file What a user gets wrong: one clear error each, with its exit code, and never a stack trace. */
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileCases } from '../hostile/nifti/cases.ts';
import { errorOf, makePhantoms, sagitta, temporaryFolder, tiny } from './helpers.ts';

let cwd: string;
let remove: () => Promise<void>;

const image = 'phantoms/imagesTr/vessels_001_0000.nii.gz';
const label = 'phantoms/labelsTr/vessels_001.nii.gz';
const train = ['train', 'vessel-mip', '--data', 'phantoms', '--preset', 'quick', ...tiny];

beforeAll(async () => {
  ({ folder: cwd, remove } = await temporaryFolder('errors'));
  await makePhantoms(cwd, { out: 'phantoms', count: 2 });
  await Promise.all([
    sagitta(['phantom', 'vessels', '--out', 'small', '--size', '32'], { cwd }),
    sagitta([...train, '--out', 'run', '--max-steps', '1'], { cwd }),
    writeFile(join(cwd, 'notes.txt'), 'no volume'),
    mkdir(join(cwd, 'empty')),
  ]);
});
afterAll(() => remove());

interface Row {
  readonly args: readonly string[];
  readonly expected: { exitCode: number; code: string; file?: string; field?: string };
}

const wrongUse: Row[] = [
  { args: ['segment'], expected: { exitCode: 2, code: 'USAGE' } },
  { args: ['train'], expected: { exitCode: 2, code: 'USAGE' } },
  { args: ['train', 'vessel-mip', '--out', 'r'], expected: { exitCode: 2, code: 'USAGE', field: '--data' } },
  { args: ['info', image, '--colour'], expected: { exitCode: 2, code: 'USAGE' } },
  {
    args: ['phantom', 'vessels', '--out', 'p', '--size', '5'],
    expected: { exitCode: 2, code: 'USAGE', field: '--size' },
  },
  {
    args: [...train, '--out', 'r', '--device', 'quantum'],
    expected: { exitCode: 2, code: 'USAGE', field: '--device' },
  },
  {
    args: [...train, '--out', 'r', '--set', 'patchSize=big'],
    expected: { exitCode: 2, code: 'SETTING_INVALID', field: 'patchSize' },
  },
  {
    args: [...train, '--out', 'r', '--set', 'colour=red'],
    expected: { exitCode: 2, code: 'SETTING_UNKNOWN', field: 'colour' },
  },
  {
    args: ['train', 'vessel-mip', '--data', 'phantoms', '--out', 'r', '--preset', 'fast'],
    expected: { exitCode: 2, code: 'PRESET_UNKNOWN' },
  },
  {
    args: ['train', 'vessels', '--data', 'phantoms', '--out', 'r'],
    expected: { exitCode: 2, code: 'PLUGIN_UNKNOWN' },
  },
  {
    args: ['evaluate', label, label, '--metrics', 'dice,beauty'],
    expected: { exitCode: 2, code: 'EVALUATION_METRIC_UNKNOWN' },
  },
  { args: ['plugin', 'list', 'vessels'], expected: { exitCode: 2, code: 'PLUGIN_UNKNOWN' } },
  { args: ['bench', 'speed'], expected: { exitCode: 2, code: 'USAGE' } },
];

const badInput: Row[] = [
  { args: ['info', 'missing.nii'], expected: { exitCode: 3, code: 'FILE_MISSING', file: 'missing.nii' } },
  {
    args: ['info', 'notes.txt'],
    expected: { exitCode: 3, code: 'VOLUME_FORMAT_UNKNOWN', file: 'notes.txt' },
  },
  {
    args: ['convert', image, 'out.xyz'],
    expected: { exitCode: 3, code: 'VOLUME_FORMAT_NOT_WRITTEN', file: 'out.xyz' },
  },
  { args: ['convert', image, 'notes.txt/out.nii'], expected: { exitCode: 3, code: 'FILE_SYSTEM' } },
  { args: ['phantom', 'vessels', '--out', 'notes.txt'], expected: { exitCode: 3, code: 'FILE_SYSTEM' } },
  {
    args: ['train', 'vessel-mip', '--data', 'nowhere', '--out', 'r'],
    expected: { exitCode: 3, code: 'DATASET_MISSING', file: 'nowhere' },
  },
  {
    args: ['train', 'vessel-mip', '--data', 'empty', '--out', 'r'],
    expected: { exitCode: 3, code: 'DATASET_EMPTY', file: 'empty' },
  },
  {
    args: ['train', 'vessel-mip', '--data', 'phantoms/imagesTr', '--out', 'r'],
    expected: { exitCode: 3, code: 'DATASET_EMPTY', file: 'phantoms/imagesTr' },
  },
  { args: [...train, '--out', 'run'], expected: { exitCode: 3, code: 'RUN_FOLDER_IN_USE', file: 'run' } },
  {
    args: [...train, '--out', 'run', '--resume', '--set', 'levels=3'],
    expected: { exitCode: 3, code: 'RUN_SETTINGS_DIFFER', field: 'levels' },
  },
  {
    args: ['predict', 'empty', image, '--out', 'x'],
    expected: { exitCode: 3, code: 'RUN_MISSING', file: 'empty' },
  },
  {
    args: ['predict', 'run', 'empty', '--out', 'x'],
    expected: { exitCode: 3, code: 'NO_VOLUMES', file: 'empty' },
  },
  {
    args: ['predict', 'run', 'notes.txt', '--out', 'x'],
    expected: { exitCode: 3, code: 'VOLUME_FORMAT_UNKNOWN', file: 'notes.txt' },
  },
  {
    args: ['evaluate', 'small/labelsTr/vessels_001.nii.gz', label],
    expected: { exitCode: 3, code: 'EVALUATION_GRID_MISMATCH', field: 'dims' },
  },
  { args: ['evaluate', image, label], expected: { exitCode: 3, code: 'EVALUATION_NOT_LABELS', file: image } },
];

describe('wrong use', () => {
  it.each(wrongUse)('$args exits 2', async ({ args, expected }) => {
    expect(await errorOf(args, { cwd })).toMatchObject({ ...expected, hint: expect.any(String) });
  });

  it('without --json is told on stderr, with nothing on stdout', async () => {
    const { stdout, stderr, code } = await sagitta(['train', 'vessel-mip'], { cwd });
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toMatch(/^USAGE {2}--out is missing\.\n/);
  });
});

describe('bad input', () => {
  it.each(badInput)('$args exits 3', async ({ args, expected }) => {
    expect(await errorOf(args, { cwd })).toMatchObject({ ...expected, hint: expect.any(String) });
  });

  it('one unreadable file among several does not keep predict from the others', async () => {
    const { stdout, stderr, code } = await sagitta(
      ['predict', 'run', 'notes.txt', image, '--out', 'mixed', '--json'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(stderr).toContain('VOLUME_FORMAT_UNKNOWN');
    expect((JSON.parse(stdout) as { outputs: string[] }).outputs).toContain(
      'mixed/vessels_001_labels.nii.gz',
    );
  });
});

describe('broken NIfTI files', () => {
  it('each is named, with code and field, though sound files come before it', async () => {
    const paths = await Promise.all(
      hostileCases.map(async ({ name, content, sparseBytes }, i) => {
        await mkdir(join(cwd, `hostile-${i}`));
        const path = join(`hostile-${i}`, name);
        await writeFile(join(cwd, path), content);
        if (sparseBytes !== undefined) await truncate(join(cwd, path), sparseBytes);
        return path;
      }),
    );
    // Each costs the start of a process; all of them go through the reader itself in test/hostile.
    const chosen = hostileCases.map((row, i) => ({ ...row, path: paths[i]! })).filter((_, i) => i % 3 === 0);
    expect(hostileCases.length).toBeGreaterThanOrEqual(30);
    for (const { path, name, code, field, what } of chosen) {
      const error = await errorOf(['info', image, path], { cwd });
      expect(error, what).toMatchObject({ exitCode: 3, code, field });
      if (name !== 'a.img') expect(error.file, what).toContain(path);
    }
  });
});
