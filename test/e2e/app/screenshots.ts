/** @file Pictures of every page in both themes, for the guide and for looking: `node test/e2e/app/screenshots.ts FOLDER`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from '../../../build/builds.mjs';
import { sagitta } from '../helpers.ts';
import { type OpenWindow, openWindow } from '../open-window.ts';
import { drop, openSample } from './actions.ts';

const themes = ['dark', 'light'] as const;

/** The sample takes about a minute; more where others work as well. */
const trainingMs = 240_000;

async function train(page: Page, toPage: OpenWindow['toPage']): Promise<void> {
  await toPage('Train');
  await page.getByText('Learns from 6 subjects.').waitFor();
  await page.getByRole('button', { name: 'Train', exact: true }).last().click();
  await page.getByRole('row').getByText('Finished', { exact: true }).waitFor({ timeout: trainingMs });
}

async function predict(page: Page, toPage: OpenWindow['toPage']): Promise<void> {
  await toPage('Predict');
  await page.getByRole('button', { name: /^Segment \d/ }).click();
  const review = page
    .locator('main')
    .getByRole('button', { name: /review/i })
    .first();
  await review.click({ timeout: 120_000 });
  await page.getByRole('button', { name: /peak/ }).first().click();
}

/** Messages in passing are not of the page. */
async function settle(page: Page): Promise<void> {
  await page.mouse.move(720, 4);
  for (const close of await page.getByRole('button', { name: 'Close', exact: true }).all())
    await close.click({ timeout: 1000 }).catch((error: Error) => process.stderr.write(`${error.message}\n`));
  await page.evaluate('document.fonts.ready');
  // Two frames: the pictures follow the layout.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}

async function inBothThemes(page: Page, folder: string, name: string): Promise<void> {
  for (const theme of themes) {
    await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
    await settle(page);
    await page.screenshot({ path: join(folder, theme === 'dark' ? `${name}.png` : `${name}-light.png`) });
  }
}

async function takeAll(opened: OpenWindow, folder: string): Promise<void> {
  const { page, toPage } = opened;
  const take = (name: string) => inBothThemes(page, folder, name);
  await page.getByRole('button', { name: /sample study/i, disabled: false }).waitFor();
  await take('start');
  await openSample(opened);
  await page.locator('.picture canvas').first().waitFor();
  await toPage('Train');
  await take('train-empty');
  await train(page, toPage);
  await take('train');
  await page.getByRole('tab', { name: 'Pictures' }).click();
  await page.locator('main img').last().waitFor();
  await take('train-pictures');
  await predict(page, toPage);
  await take('review');
  await page.getByRole('button', { name: 'Correct', exact: true }).click();
  await page.getByRole('button', { name: /^Undo/ }).first().waitFor();
  await take('review-correct');
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  for (const name of ['Predict', 'Data', 'Plugins'] as const) {
    await toPage(name);
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    if (name === 'Data') await page.getByRole('tree').getByText('reference').first().click();
    await take(name.toLowerCase());
  }
  await takeDialogs(opened, take);
}

async function takeDialogs({ page, folder }: OpenWindow, take: (name: string) => Promise<void>) {
  for (const [name, key] of [
    ['export', 'Control+e'],
    ['settings', 'Control+,'],
    ['shortcuts', '?'],
    ['open', 'Control+o'],
  ] as const) {
    await page.keyboard.press(key);
    await page.getByRole('dialog').waitFor();
    if (name === 'export')
      await page
        .getByRole('region', { name: 'What will be written' })
        .getByRole('listitem')
        .first()
        .waitFor();
    await take(name);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await sagitta(['phantom', 'vessels', '--out', 'Dataset007_Vessels', '--count', '3', '--size', '48'], {
    cwd: folder,
  });
  await writeFile(join(folder, 'Dataset007_Vessels', 'broken.nii'), Buffer.from([0x5c, 1, 0, 0]));
  await drop(page, join(folder, 'Dataset007_Vessels'));
  await page.getByRole('button', { name: 'Take in' }).waitFor({ timeout: 60_000 });
  await take('import');
}

const [out] = process.argv.slice(2);
if (out === undefined) throw new Error('Usage: node test/e2e/app/screenshots.ts FOLDER');
build('window');
await mkdir(out, { recursive: true });
const opened = await openWindow('screenshots');
try {
  await takeAll(opened, out);
} finally {
  await opened.close();
}
