/** @file Whole folders dropped onto the window: what was understood is shown before it is taken in, and taking can be undone. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTestData, testData, withoutTestData } from '../../helpers/test-data.ts';
import { makePhantoms } from '../helpers.ts';
import { type OpenWindow, openWindow } from '../open-window.ts';
import { drop, seriousFindings } from './actions.ts';
import { keepPictures } from './keep-pictures.ts';

let opened: OpenWindow;

beforeAll(async () => {
  opened = await openWindow('imports');
});

keepPictures(() => opened?.page);
afterAll(() => opened?.close());

const dialog = () => opened.page.getByRole('dialog', { name: 'Add to the project' });
const tree = () => opened.page.getByRole('tree');

async function take(): Promise<void> {
  await dialog().getByRole('button', { name: 'Take in' }).click();
  await dialog().waitFor({ state: 'detached', timeout: 30_000 });
}

describe('a dropped nnU-Net folder', () => {
  it('makes a project of its name, and shows each image with its label before it is taken', async () => {
    await makePhantoms(opened.folder, { out: 'Dataset007_Vessels', count: 2 });
    await drop(opened.page, join(opened.folder, 'Dataset007_Vessels'));
    await dialog()
      .getByText(/nnU-Net/)
      .first()
      .waitFor({ timeout: 30_000 });
    const rows = dialog().getByRole('row');
    expect(await rows.filter({ hasText: /48\s*×\s*48\s*×\s*48/ }).count()).toBe(6);
    expect(await seriousFindings(opened.page)).toEqual([]);
  }, 90_000);

  it('once taken lies in the library, with labels under their images', async () => {
    await take();
    await tree().getByRole('treeitem').first().waitFor();
    expect(await tree().getByText('reference', { exact: true }).count()).toBe(2);
    await opened.page.locator('.picture canvas').first().waitFor();
  }, 60_000);

  it('is taken back by undo, and taken again by redo', async () => {
    const { page } = opened;
    const before = await tree().innerText();
    await page.keyboard.press('Control+z');
    await page.getByText('Drop your images here').waitFor();
    await page.keyboard.press('Control+Shift+z');
    await tree().getByRole('treeitem').first().waitFor();
    await expect.poll(() => tree().innerText()).toBe(before);
  }, 60_000);
});

describe('a broken file among others', () => {
  it('is named with its reason, and the others are taken', async () => {
    const { page, folder } = opened;
    await rm(join(folder, 'mixed'), { recursive: true, force: true });
    await makePhantoms(folder, { out: 'mixed', count: 1 });
    await writeFile(join(folder, 'mixed', 'broken.nii'), Buffer.from([0x5c, 1, 0, 0, 0, 0]));
    await writeFile(join(folder, 'mixed', 'notes.docx'), 'not an image');
    const before = await tree().getByRole('treeitem').count();
    await drop(page, join(folder, 'mixed'));
    const notes = dialog().getByText(/not understood and will be left out/);
    await notes.waitFor({ timeout: 30_000 });
    await notes.click();
    await dialog()
      .getByText(/broken\.nii/)
      .first()
      .waitFor();
    await dialog().getByText('NIFTI_TRUNCATED').first().waitFor();
    await dialog().getByRole('button', { name: 'Discard' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(await tree().getByRole('treeitem').count()).toBe(before);
  }, 60_000);
});

describe.skipIf(!hasTestData)(`a dropped DICOM folder${hasTestData ? '' : ` (${withoutTestData})`}`, () => {
  it('is sorted into its series, with size and spacing, and opens as one volume', async () => {
    const { page } = opened;
    await drop(page, testData('dicom/series/ct_flipped_LPI_torchio'));
    await dialog().getByText(/DICOM/).first().waitFor({ timeout: 30_000 });
    await dialog()
      .getByText(/×\s*17\b/)
      .first()
      .waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    const before = await tree().getByRole('treeitem').count();
    await take();
    await expect.poll(() => tree().getByRole('treeitem').count()).toBeGreaterThan(before);
    await page.keyboard.press('Control+z');
    await expect.poll(() => tree().getByRole('treeitem').count()).toBe(before);
  }, 90_000);

  it('of several studies is listed series by series', async () => {
    await drop(opened.page, testData('dicom/series'));
    await dialog().getByRole('button', { name: 'Take in' }).waitFor({ timeout: 60_000 });
    expect(
      await dialog()
        .getByRole('row')
        .filter({ hasText: /\d+\s*×\s*\d+/ })
        .count(),
    ).toBeGreaterThanOrEqual(5);
    await dialog().getByRole('button', { name: 'Discard' }).click();
    await dialog().waitFor({ state: 'detached' });
  }, 90_000);
});

describe('the session', () => {
  it('complained of nothing', () => expect(opened.complaints).toEqual([]));
});
