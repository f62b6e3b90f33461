/** @file The whole way by keyboard and mouse: a study, a training that is paused, an image segmented, looked at, corrected and exported. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readVolume } from '../../../src/imaging/node/open.ts';
import { type OpenWindow, openWindow } from '../open-window.ts';
import { lastStep } from './actions.ts';
import { keepPictures } from './keep-pictures.ts';

let opened: OpenWindow;
let page: Page;

beforeAll(async () => {
  opened = await openWindow('whole-way');
  ({ page } = opened);
});

keepPictures(() => page);
afterAll(() => opened?.close());

/** Presses Tab until the field has the focus; fails after as many as there can be. */
async function tabTo(label: RegExp): Promise<void> {
  const name = `(() => { const at = document.activeElement; return at.labels?.[0]?.innerText ?? at.ariaLabel ?? at.innerText; })()`;
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    if (label.test(await page.evaluate<string>(`String(${name})`))) return;
  }
  throw new Error(`Tab does not reach ${label}`);
}

/** Where the crosshair stands, as the line under the pictures says it. */
async function crosshair(): Promise<string> {
  await page.mouse.move(400, 4);
  const line = page.getByRole('group', { name: 'Under the pointer' });
  await line.getByText('crosshair').waitFor();
  return (await line.innerText()).split('\n')[0]!;
}

/** The label map that the library keeps. */
async function savedLabels(): Promise<string[]> {
  const projects = join(opened.folder, 'Sagitta');
  const files = await readdir(projects, { recursive: true });
  return files.filter((file) => /labels.*me.*\.nii/.test(file)).map((file) => join(projects, file));
}

describe('with the keyboard alone', () => {
  it('the sample study is opened', async () => {
    await page.getByRole('heading', { name: 'Welcome to Sagitta' }).waitFor();
    await page.getByRole('button', { name: /sample study/i, disabled: false }).waitFor();
    await page.keyboard.press('1');
    await page.getByRole('tree').getByText('sample-1').waitFor({ timeout: 60_000 });
  }, 90_000);

  it('each page is reached, and has a heading of its name', async () => {
    for (const [index, name] of ['Data', 'Train', 'Predict', 'Review', 'Plugins'].entries()) {
      await page.keyboard.press(`Control+${index + 1}`);
      await page.getByRole('heading', { name, level: 1 }).waitFor();
    }
  });

  it('a shorter training is filled in and started', async () => {
    await page.keyboard.press('Control+2');
    await page.getByLabel(/^Epochs/).waitFor();
    await tabTo(/^Epochs/);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('2');
    await tabTo(/^Steps per epoch/);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('40');
    await page.getByText('Learns from 6 subjects.').waitFor();
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => lastStep(page), { timeout: 60_000 }).toBeGreaterThan(0);
  }, 90_000);

  it('its curve grows, it is paused, stays where it is, and is resumed to its end', async () => {
    const first = await lastStep(page);
    await expect.poll(() => lastStep(page), { timeout: 60_000 }).toBeGreaterThan(first);
    // Out of the field, where letters are typed.
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: /^Pause/ }).waitFor();
    await page.keyboard.press('p');
    await page.getByRole('row').getByText('Paused', { exact: true }).waitFor({ timeout: 60_000 });
    const paused = await lastStep(page);
    expect(paused).toBeLessThan(80);
    await page.keyboard.press('p');
    await expect.poll(() => lastStep(page), { timeout: 60_000 }).toBeGreaterThan(paused);
    await page.getByRole('row').getByText('Finished', { exact: true }).waitFor({ timeout: 120_000 });
    expect(await lastStep(page)).toBe(80);
  }, 240_000);
});

describe('the trained model', () => {
  it('segments one image, which opens with segmentation, uncertainty and a list of where to look', async () => {
    await page.keyboard.press('u');
    await page.getByRole('heading', { name: 'Predict', level: 1 }).waitFor();
    await page.getByRole('button', { name: /^Segment \d/ }).click();
    await page
      .locator('main')
      .getByRole('button', { name: /review/i })
      .first()
      .click({ timeout: 60_000 });
    const overlays = page.getByRole('list', { name: /Overlays/ });
    await overlays
      .getByText(/uncertainty/i)
      .first()
      .waitFor();
    await page.getByRole('button', { name: /peak/ }).first().waitFor();
  }, 120_000);

  it('brings the crosshair to each uncertain region that is clicked', async () => {
    const regions = page.getByRole('button', { name: /peak/ });
    // How many there are depends on the model; one was waited for.
    for (let index = 0; index < Math.min(3, await regions.count()); index++) {
      await regions.nth(index).click();
      const place = await regions.nth(index).getAttribute('title');
      await expect.poll(crosshair).toBe(place);
    }
  }, 60_000);
});

describe('a correction', () => {
  it('changes only what lies under the brush, and undo and redo take back and bring back exactly that', async () => {
    await page.getByLabel('Start from').selectOption({ label: 'An empty label map' });
    await page.getByRole('button', { name: 'Correct', exact: true }).click();
    const undo = page.getByRole('button', { name: /^Undo/ }).first();
    await undo.waitFor();
    const box = (await page.getByRole('application', { name: /Axial/ }).boundingBox())!;
    for (const side of [-1, 1]) {
      await page.mouse.move(box.x + box.width / 2 + side * 60, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 2 + side * 80, box.y + box.height / 2, { steps: 4 });
      await page.mouse.up();
    }
    await expect.poll(() => undo.isEnabled()).toBe(true);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await expect.poll(() => undo.isEnabled()).toBe(false);
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(() => undo.isEnabled()).toBe(true);
    await page.keyboard.press('Control+s');
    await page.getByText('Everything is saved.').waitFor();
    await page.getByRole('button', { name: 'Done', exact: true }).click();
  }, 60_000);

  it('lies in the library under the rater’s name, with one stroke on one slice', async () => {
    await opened.toPage('Data');
    await page.getByRole('tree').getByText('me', { exact: true }).waitFor();
    const [file] = await savedLabels();
    const { data, dims } = await readVolume(file!);
    const painted = [...data.keys()].filter((at) => data[at] !== 0);
    expect(painted.length).toBeGreaterThan(0);
    expect(new Set(painted.map((at) => Math.floor(at / (dims[0] * dims[1])))).size).toBe(1);
    // One stroke on one side of the middle: the other one was not brought back.
    const columns = painted.map((at) => at % dims[0]);
    expect(Math.max(...columns) - Math.min(...columns)).toBeLessThan(dims[0] / 2);
  });
});

describe('the export', () => {
  async function exported(choose: () => Promise<void>, names: readonly RegExp[]): Promise<string[]> {
    await page.keyboard.press('Control+e');
    const dialog = page.getByRole('dialog', { name: 'Export' });
    await choose();
    await dialog
      .getByRole('region', { name: 'What will be written' })
      .getByRole('listitem')
      .first()
      .waitFor();
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    const files: string[] = [];
    for (const name of names) {
      const link = dialog.getByRole('link', { name }).first();
      await link.waitFor({ timeout: 30_000 });
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      files.push(join(opened.folder, `export-${download.suggestedFilename()}`));
      await download.saveAs(files.at(-1)!);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    return files;
  }

  it('of the correction is a NIfTI with exactly the voxels that were painted, where they were painted', async () => {
    const dialog = page.getByRole('dialog', { name: 'Export' });
    const [file] = await exported(async () => {
      await dialog.getByLabel('Prediction', { exact: true }).selectOption({ label: 'None' });
      await dialog.getByRole('checkbox', { name: / me$/ }).check();
    }, [/\.nii/]);
    const [inLibrary] = await savedLabels();
    const [a, b] = [await readVolume(file!), await readVolume(inLibrary!)];
    expect(a.dims).toEqual(b.dims);
    expect(a.rasFromIjk).toEqual(b.rasFromIjk);
    expect(Buffer.from(a.data.buffer).equals(Buffer.from(b.data.buffer))).toBe(true);
  }, 60_000);

  it('of the prediction brings its table and its report', async () => {
    const dialog = page.getByRole('dialog', { name: 'Export' });
    const [table, report] = await exported(async () => {
      await dialog.getByRole('checkbox', { name: /^Report/ }).check();
    }, [/\.csv$/, /\.html$/]);
    const lines = (await readFile(table!, 'utf8')).trim().split('\n');
    expect(lines[0]).toMatch(/^case,dice/);
    expect(lines.length).toBeGreaterThan(1);
    const html = await readFile(report!, 'utf8');
    expect(html).toMatch(/<img|<svg/);
    expect(html).not.toMatch(/(src|href)="https?:/);
  }, 60_000);
});

describe('the session', () => {
  it('complained of nothing, and broke no rule of its content policy', () =>
    expect(opened.complaints).toEqual([]));
});
