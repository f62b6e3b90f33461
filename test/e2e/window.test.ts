/** @file The whole application in a real browser: a study is opened, a model trained, an image segmented, looked at, corrected and exported. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import AxeSource from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readVolume } from '../../src/imaging/node/open.ts';
import { type OpenWindow, openWindow } from './open-window.ts';

let opened: OpenWindow;
let page: Page;

beforeAll(async () => {
  opened = await openWindow('window');
  ({ page } = opened);
});

afterEach(async ({ task }) => {
  // To see what the page looked like: SAGITTA_SCREENSHOTS=folder.
  const shots = process.env.SAGITTA_SCREENSHOTS;
  if (shots && task.result?.state === 'fail') await page.screenshot({ path: join(shots, `${task.id}.png`) });
});

afterAll(() => opened?.close());

const toPage = (name: Parameters<OpenWindow['toPage']>[0]) => opened.toPage(name);

/** Share of coloured pixels in the viewer's pictures: greys have none. */
async function colouredShare(): Promise<number> {
  return page.evaluate<number>(`(() => {
    let coloured = 0, all = 0;
    for (const canvas of document.querySelectorAll('.picture canvas')) {
      if (canvas.width === 0) continue;
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      for (let at = 0; at < data.length; at += 4, all++)
        if (Math.max(data[at], data[at+1], data[at+2]) - Math.min(data[at], data[at+1], data[at+2]) > 40) coloured++;
    }
    return all === 0 ? 0 : coloured / all;
  })()`);
}

/** Findings of axe that matter, as one line each. */
async function seriousFindings(): Promise<string[]> {
  await page.evaluate(AxeSource.source);
  return page.evaluate<string[]>(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`);
}

describe('the window', () => {
  it('begins with three ways to begin, and opens the sample study', async () => {
    await page.getByRole('button', { name: /sample study/i }).click();
    await page.getByRole('tree').getByText('sample-1').waitFor();
    expect(await page.getByRole('tree').getByText('angiogram').count()).toBe(6);
  }, 60_000);

  it('shows the image, with the voxel under the pointer in world millimetres', async () => {
    await page.locator('.picture canvas').first().waitFor();
    const picture = page.getByRole('application', { name: /Axial/ });
    await picture.hover();
    const line = page.getByRole('group', { name: 'Under the pointer' });
    await line.getByText(/voxel \d+, \d+, \d+/).waitFor();
    expect(await line.innerText()).toMatch(/[RL] \d+\.\d/);
  });

  it('trains the sample while its curves grow', async () => {
    await toPage('Train');
    await page.getByLabel(/^Epochs/).fill('2');
    await page.getByLabel(/^Steps per epoch/).fill('12');
    const train = page.getByRole('button', { name: 'Train', exact: true }).last();
    await train.waitFor();
    await expect.poll(() => train.isEnabled(), { timeout: 15_000 }).toBe(true);
    await train.click();
    await page
      .getByText(/step \d+/)
      .first()
      .waitFor({ timeout: 60_000 });
    const stepShown = async () => Number(/step (\d+)/.exec(await page.locator('body').innerText())?.[1] ?? 0);
    const first = await stepShown();
    await expect.poll(stepShown, { timeout: 60_000 }).toBeGreaterThan(first);
    await page.getByRole('row').getByText('Done', { exact: true }).waitFor({ timeout: 120_000 });
  }, 240_000);

  it('segments an image and shows segmentation, uncertainty and where to look', async () => {
    await toPage('Predict');
    await page.getByRole('button', { name: /^Segment \d/ }).click();
    // The page offers the result as soon as it is there.
    await page
      .locator('main')
      .getByRole('button', { name: /review/i })
      .first()
      .click({ timeout: 60_000 });
    const overlays = page.getByRole('list', { name: /Overlays/ });
    await overlays.getByRole('button', { name: 'Show Uncertainty (entropy)' }).click();
    await overlays.getByRole('button', { name: 'Hide Uncertainty (entropy)' }).waitFor();
    await expect.poll(colouredShare, { timeout: 20_000 }).toBeGreaterThan(0.001);
  }, 120_000);

  it('corrects with the brush, undoes, and keeps the result as a label map', async () => {
    await page.getByRole('button', { name: 'Correct', exact: true }).click();
    const undo = page.getByRole('button', { name: /^Undo/ }).first();
    await undo.waitFor();
    const box = (await page.getByRole('application', { name: /Axial/ }).boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 40, box.y + box.height / 2, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => undo.isEnabled()).toBe(true);
    await undo.click();
    await expect.poll(() => undo.isEnabled()).toBe(false);
    await page.getByRole('button', { name: /^Redo/ }).first().click();
    await expect.poll(() => undo.isEnabled()).toBe(true);
    await page.getByRole('button', { name: 'Save as me' }).click();
    await page.getByText('Everything is saved.').waitFor();
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    await toPage('Data');
    await page.getByRole('tree').getByText('me', { exact: true }).waitFor({ timeout: 15_000 });
  }, 60_000);

  it('exports NIfTI whose voxels are those of the project', async () => {
    await page.keyboard.press('Control+e');
    const dialog = page.getByRole('dialog');
    await dialog
      .getByRole('button', { name: /^(Export|Write)/ })
      .last()
      .click();
    const link = dialog.getByRole('link', { name: /\.nii/ }).first();
    await link.waitFor({ timeout: 30_000 });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const file = join(opened.folder, download.suggestedFilename());
    await download.saveAs(file);
    const volume = await readVolume(file);
    expect(volume.dims).toEqual([64, 64, 64]);
    expect((await readFile(file)).length).toBeGreaterThan(100);
    await page.keyboard.press('Escape');
  }, 60_000);

  it.each(['dark', 'light'])('has no serious finding of axe on any page, %s', async (theme) => {
    await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
    for (const name of ['Data', 'Train', 'Predict', 'Review', 'Plugins'] as const) {
      await toPage(name);
      await page.waitForTimeout(300);
      expect(await seriousFindings(), name).toEqual([]);
    }
  }, 120_000);

  it('shows all keys on "?"', async () => {
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Shortcuts' }).getByText('Go to Train').waitFor();
    await page.keyboard.press('Escape');
  });

  it('complained of nothing, and broke no rule of its content policy', () => {
    expect(opened.complaints).toEqual([]);
  });
});
