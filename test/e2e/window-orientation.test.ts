/** @file One anatomy stored in sixteen orientations: the real page shows the same pictures, the same letters, and the same world under the pointer. */
import { readdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTestData, testData, withoutTestData } from '../helpers/test-data.ts';
import { type OpenWindow, openWindow } from './open-window.ts';

const folder = 'nifti/orient';
const names = hasTestData
  ? readdirSync(testData(folder))
      .filter((name) => /^[A-Z]{3}\.nii\.gz$/.test(name))
      .map((name) => name.slice(0, 3))
  : [];

/** Runs in the page: mean brightness in 16 × 16 fields of each picture of the viewer. */
const fields = `[...document.querySelectorAll('.picture canvas')].filter(({ width }) => width > 0).slice(0, 3).map((canvas) => {
  const count = 16;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const sums = new Array(count * count).fill(0);
  const counts = new Array(count * count).fill(0);
  for (let y = 0; y < canvas.height; y++)
    for (let x = 0; x < canvas.width; x++) {
      const field = Math.floor((y * count) / canvas.height) * count + Math.floor((x * count) / canvas.width);
      sums[field] += data[4 * (y * canvas.width + x)];
      counts[field]++;
    }
  return sums.map((sum, field) => sum / counts[field]);
})`;

describe.skipIf(!hasTestData)(`a volume (${hasTestData ? 'found' : withoutTestData})`, () => {
  let opened: OpenWindow;
  let page: Page;
  let reference: number[][];

  beforeAll(async () => {
    opened = await openWindow('orientation');
    ({ page } = opened);
    await page.getByRole('button', { name: /new project/i }).click();
    await page.getByRole('dialog').getByRole('textbox').first().fill('Orientations');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^(Make|Create)/ })
      .click();
    await page.getByText(/No subjects yet/).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const session = await page.context().newCDPSession(page);
    const data = {
      items: [],
      files: names.map((name) => testData(`${folder}/${name}.nii.gz`)),
      dragOperationsMask: 1,
    };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x: 700, y: 450, data });
    await page.getByRole('dialog').getByRole('button', { name: /take/i }).last().click();
    await page.getByRole('tree').getByText(names[0]!).first().waitFor();
  }, 120_000);

  afterAll(() => opened?.close());

  /** Opens the subject of this name; resolves when its pictures no longer change. */
  async function pictures(name: string): Promise<number[][]> {
    const rows = page.getByRole('treeitem');
    // The image's row follows that of its subject.
    const subject = (await rows.allInnerTexts()).findIndex((text) => text.trim().startsWith(name));
    await rows.nth(subject + 1).click();
    await page
      .getByText(new RegExp(`^${name} · image`))
      .first()
      .waitFor();
    let last = '';
    await expect
      .poll(
        async () => {
          const now = JSON.stringify(await page.evaluate<number[][]>(fields));
          const isStill = now === last && now.length > 1000;
          last = now;
          return isStill;
        },
        { timeout: 15_000, interval: 300 },
      )
      .toBe(true);
    return JSON.parse(last) as number[][];
  }

  it('has something to see', async () => {
    reference = await pictures('RAS');
    expect(reference).toHaveLength(3);
    for (const picture of reference) expect(Math.max(...picture) - Math.min(...picture)).toBeGreaterThan(40);
  });

  it.each(names)('stored as %s shows the same anatomy at the same places', async (name) => {
    const found = await pictures(name);
    found.forEach((picture, n) => {
      const worst = Math.max(...picture.map((value, field) => Math.abs(value - reference[n]![field]!)));
      expect(worst, ['axial', 'sagittal', 'coronal'][n]).toBeLessThan(12);
    });
    const letters = await page.locator('.viewer svg .letters').allTextContents();
    expect(letters.slice(0, 3).map((text) => text.replace(/\s+/g, ''))).toEqual(['RLAP', 'APSI', 'RLSI']);
  }, 40_000);
});
