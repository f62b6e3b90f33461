/** @file What leaves a project: which files, under which names, and that nothing of a patient goes with them. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExportOptions, exportPlanSchema, exportResultSchema } from '../../../src/contract/exports.ts';
import type { PredictionId, RunId, VolumeId } from '../../../src/contract/ids.ts';
import type { Prediction } from '../../../src/contract/predictions.ts';
import { makeExports } from '../../../src/host/exports/exports.ts';
import type { ExportService } from '../../../src/host/services.ts';
import { readVolume } from '../../../src/imaging/node/open.ts';
import { writeVolume } from '../../../src/imaging/node/save.ts';
import { encodeVolume } from '../../../src/imaging/write.ts';
import { createRun } from '../../../src/run/node/run-folder.ts';
import { appendLog } from '../../../src/run/node/run-log.ts';
import { tinyRecipe } from '../../training/tiny-recipe.ts';
import {
  codeOf,
  filesIn,
  makeSmallProject,
  type OpenProject,
  reopen,
  smallLabel,
  smallVolume,
  temporaryFolder,
} from '../make-project.ts';
import { runRecord } from './run-record.ts';

const id = (path: string) => path as VolumeId;
const t1 = id('subjects/a/images/T1.nii.gz');
const t2 = id('subjects/a/images/T2.nii');
const anna = id('subjects/a/labels/T1/anna.nii.gz');
const bT1 = id('subjects/b/images/T1.nii.gz');
const map = id('predictions/p1/a_labels.nii.gz');

const prediction: Prediction = {
  id: 'p1' as PredictionId,
  run: 'first' as RunId,
  runName: 'first',
  createdAt: '2026-01-01T00:00:00.000Z',
  classes: [{ value: 1, name: 'vessel', colour: '#ff0000' }],
  cases: [
    {
      image: t1,
      subject: 'a',
      maps: [
        {
          id: map,
          name: 'labels',
          label: 'Vessels',
          kind: 'labels',
          unit: '',
          range: [0, 1],
          colourMap: 'grey',
        },
      ],
      metrics: { dice: 0.5, clDice: null },
      volumesMl: { vessel: 1.25 },
      uncertainRegions: [],
    },
    { image: bT1, subject: '=b', maps: [], metrics: {}, volumesMl: { vessel: 2 }, uncertainRegions: [] },
  ],
};

let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
let folder: string;
let open: OpenProject;
let exports: ExportService;
const make = () => makeExports({ ...open, predictions: { list: () => Promise.resolve([prediction]) } });
beforeEach(async () => {
  temporary = await temporaryFolder();
  folder = join(temporary.folder, 'Study');
  open = await makeSmallProject(folder);
  await writeVolume(join(folder, map), smallLabel());
  await writeFile(
    join(folder, 'predictions/p1/outputs.json'),
    JSON.stringify({ cases: [{ files: { labels: 'a_labels.nii.gz' } }] }),
  );
  exports = make();
});
afterEach(async () => {
  await open.close();
  await temporary.remove();
});

const volumes = (ids: VolumeId[], more: Partial<ExportOptions> = {}): ExportOptions => ({
  request: { kind: 'volumes', ids },
  withoutNames: false,
  ...more,
});

describe('volumes', () => {
  it('are planned, then written as planned, byte by byte', async () => {
    const options = volumes([t1, t2, anna, map]);
    const plan = await exports.plan(options);
    expect(exportPlanSchema.parse(plan)).toEqual(plan);
    expect(plan.files.map(({ name }) => name)).toEqual([
      'a_T1.nii.gz',
      'a_T2.nii',
      'a_T1_labels_anna.nii.gz',
      'a_T1_first_labels.nii.gz',
    ]);
    const result = await exports.write(options);
    expect(exportResultSchema.parse(result)).toEqual(result);
    expect(result.files.map(({ name, sizeBytes }) => ({ name, sizeBytes, replaces: false }))).toEqual(
      plan.files,
    );
    expect(await filesIn(join(folder, 'exports'))).toEqual(plan.files.map(({ name }) => name).sort());
    expect(await readFile(join(folder, 'exports/a_T1.nii.gz'))).toEqual(await readFile(join(folder, t1)));
  });

  it('replace nothing: a name that is taken gets a number', async () => {
    await exports.write(volumes([t2]));
    expect((await exports.plan(volumes([t2, t2]))).files.map(({ name }) => name)).toEqual([
      'a_T2 (2).nii',
      'a_T2 (3).nii',
    ]);
    await exports.write(volumes([t2]));
    expect(await filesIn(join(folder, 'exports'))).toEqual(['a_T2 (2).nii', 'a_T2.nii']);
  });

  it('without names hold no text of their header and no name of their subject', async () => {
    const bytes = Buffer.concat(encodeVolume(smallVolume(), 'x.nii'));
    bytes.write('DOE^JANE 1970', 148, 'latin1');
    bytes.write('janedoe.img', 228, 'latin1');
    bytes.write('jane', 14, 'latin1');
    await open.close();
    await mkdir(join(folder, 'subjects/Jane Doe/images'), { recursive: true });
    await writeFile(join(folder, 'subjects/Jane Doe/images/T1 jane doe.nii'), bytes);
    open = await reopen(folder);
    exports = make();
    const ids = [id('subjects/Jane Doe/images/T1 jane doe.nii'), t1, anna];
    const { files } = await exports.write(volumes(ids, { withoutNames: true }));
    expect(files.map(({ name }) => name)).toEqual([
      'case-1_T1.nii.gz',
      'case-2_T1.nii.gz',
      'case-2_T1_labels_anna.nii.gz',
    ]);
    const volume = await readVolume(files[0]!.path);
    expect(volume.data).toEqual(smallVolume().data);
    const plain = gunzipSync(await readFile(files[0]!.path)).toString('latin1');
    expect(plain.toLowerCase()).not.toMatch(/jane|doe/);
  });

  it('go to another folder when asked, and leave nothing half-written there', async () => {
    const elsewhere = join(temporary.folder, 'out/deep');
    const { files } = await exports.write(volumes([t1], { folder: elsewhere }));
    expect(files).toMatchObject([{ path: join(elsewhere, 'a_T1.nii.gz'), downloadPath: null }]);
    await writeFile(join(folder, t2), 'damaged');
    expect(await codeOf(exports.write(volumes([bT1, t2], { folder: elsewhere, withoutNames: true })))).toBe(
      'VOLUME_FORMAT_UNKNOWN',
    );
    expect(await filesIn(elsewhere)).toEqual(['a_T1.nii.gz']);
  });

  it('do not go where they must not', async () => {
    const to = (where: string) => codeOf(exports.write(volumes([t1], { folder: where })));
    expect(await to('relative')).toBe('EXPORT_FOLDER');
    expect(await to(join(folder, 'subjects/a'))).toBe('EXPORT_FOLDER');
    expect(await to(join(folder, 'exports/../runs'))).toBe('EXPORT_FOLDER');
    expect(await to(join(folder, 'project.json'))).toBe('EXPORT_FOLDER');
    expect(await codeOf(exports.write(volumes([id('../x.nii')])))).toBe('VOLUME_UNKNOWN');
    expect(existsSync(join(folder, 'relative'))).toBe(false);
  });
});

describe('a table', () => {
  it('has a row a case, metrics and volumes', async () => {
    const request = { kind: 'table', prediction: prediction.id } as const;
    const { files } = await exports.write({ request, withoutNames: false });
    expect(files[0]?.name).toBe('first table.csv');
    expect(await readFile(files[0]!.path, 'utf8')).toBe(
      "\ufeffcase,dice,clDice,volume vessel (ml)\r\na,0.5,,1.25\r\n'=b,,,2\r\n",
    );
    const plain = await exports.write({ request, withoutNames: true });
    expect(await readFile(plain.files[0]!.path, 'utf8')).toContain('case-1,0.5,,1.25\r\ncase-2,,,2');
    const none = { kind: 'table', prediction: 'p9' as PredictionId } as const;
    expect(await codeOf(exports.plan({ request: none, withoutNames: false }))).toBe('PREDICTION_UNKNOWN');
  });
});

describe('a report', () => {
  it('is a page with the cases that have a reference', async () => {
    const run = join(folder, 'runs/first');
    await createRun(run, { recipe: tinyRecipe(), record: runRecord });
    await appendLog(run, { event: 'epoch', step: 1, epoch: 1, values: { loss: 0.5, dice: 0.25 } });
    const request = { kind: 'report', prediction: prediction.id } as const;
    const { files } = await exports.write({ request, withoutNames: true });
    expect(files.map(({ name }) => name)).toEqual(['first report.html']);
    const page = await readFile(files[0]!.path, 'utf8');
    expect(page).toContain('case-1');
    expect(page).toContain('data:image/png;base64,');
    expect(page).not.toContain('case-2');
  });
});

describe('a file to download', () => {
  it('is one of exports/ and nothing else', async () => {
    const { files } = await exports.write({
      request: { kind: 'table', prediction: prediction.id },
      withoutNames: false,
    });
    const found = await exports.file(files[0]!.downloadPath!);
    expect(found).toMatchObject({ name: 'first table.csv', sizeBytes: files[0]!.sizeBytes });
    expect(await text(found.stream)).toContain('dice');
    await symlink(join(folder, 'project.json'), join(folder, 'exports/link.json'));
    for (const path of [
      '../project.json',
      'none.csv',
      '.',
      '',
      '/etc/passwd',
      'link.json',
      'a\0',
      '..\\project.json',
    ])
      expect(await codeOf(exports.file(path)), path).toBe('EXPORT_UNKNOWN');
  });
});
