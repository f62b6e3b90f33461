/** @file What goes wrong in a real browser: broken files, workers that are killed, pages that are loaded anew, a host that goes away. */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writeVolume } from '../../src/imaging/node/save.ts';
import { type OpenWindow, openWindow } from './open-window.ts';

let opened: OpenWindow;

beforeAll(async () => {
  opened = await openWindow('recovery');
  await opened.page.getByRole('button', { name: /sample study/i }).click();
  await opened.page.getByRole('tree').getByText('sample-1').waitFor();
}, 60_000);

afterEach(async ({ task }) => {
  const shots = process.env.SAGITTA_SCREENSHOTS;
  if (shots && task.result?.state === 'fail')
    await opened.page.screenshot({ path: join(shots, `${task.id}.png`) });
});

afterAll(() => opened?.close());

/** As a file manager does it. */
async function drop(...files: string[]): Promise<void> {
  const session = await opened.page.context().newCDPSession(opened.page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 700, y: 450, data });
  await session.detach();
}

async function writeImage(name: string): Promise<string> {
  const file = join(opened.folder, name);
  const rasFromIjk = [
    [2, 0, 0, 0],
    [0, 2, 0, 0],
    [0, 0, 3, 0],
    [0, 0, 0, 1],
  ] as const;
  await writeVolume(file, {
    data: Int16Array.from({ length: 20 * 16 * 12 }, (_, at) => at % 700),
    dtype: 'int16',
    dims: [20, 16, 12],
    timePoints: 1,
    components: 1,
    spacingMm: [2, 2, 3],
    timeStepS: 0,
    rasFromIjk,
    slope: 1,
    intercept: 0,
  });
  return file;
}

/** Workers are the host's children. */
function workers(): number[] {
  try {
    const lines = execFileSync('pgrep', ['-f', '-P', String(opened.host.child.pid), 'worker/main.ts'], {
      encoding: 'utf8',
    });
    return lines.trim().split('\n').map(Number);
  } catch {
    // pgrep ends with 1 when there is none.
    return [];
  }
}

async function trainSample(epochs: number): Promise<void> {
  const { page } = opened;
  await opened.toPage('Train');
  await page.getByLabel(/^Epochs/).fill(String(epochs));
  await page.getByLabel(/^Steps per epoch/).fill('40');
  const train = page.getByRole('button', { name: 'Train', exact: true }).last();
  await expect.poll(() => train.isEnabled(), { timeout: 15_000 }).toBe(true);
  await train.click();
  await page
    .getByText(/step \d+/)
    .first()
    .waitFor({ timeout: 60_000 });
}

describe('dropped files', () => {
  it('are shown before they are taken, a broken one with its reason; taking can be undone', async () => {
    const { page } = opened;
    const broken = join(opened.folder, 'broken.nii');
    await writeFile(broken, Buffer.from([0x5c, 1, 0, 0, 0, 0]));
    await drop(await writeImage('patient_T1.nii.gz'), broken);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('20×16×12').or(dialog.getByText('20 × 16 × 12')).first().waitFor();
    await dialog.getByText('1 file was not understood').click();
    await dialog
      .getByText(/broken\.nii/)
      .first()
      .waitFor();
    await dialog
      .getByText(/NIFTI_TRUNCATED/)
      .first()
      .waitFor();
    await dialog.getByRole('button', { name: /take/i }).last().click();
    await page.getByRole('tree').getByText('T1').first().waitFor();
    await page.keyboard.press('Control+z');
    await page.getByRole('tree').getByText('T1').first().waitFor({ state: 'detached' });
  }, 60_000);
});

describe('a training', () => {
  it('whose page is loaded anew goes on, and its curves are there again', async () => {
    const { page } = opened;
    await trainSample(400);
    await page.reload();
    await opened.toPage('Train');
    await page
      .getByText(/step \d+/)
      .first()
      .waitFor({ timeout: 30_000 });
    expect(workers()).toHaveLength(1);
  }, 120_000);

  it('whose worker is killed says so, and can be resumed', async () => {
    const { page } = opened;
    for (const worker of workers()) process.kill(worker, 'SIGKILL');
    await page
      .getByRole('button', { name: /^Resume/ })
      .first()
      .waitFor({ timeout: 30_000 });
    expect(await page.locator('main').innerText()).toMatch(/memory|ended|killed/i);
    await page
      .getByRole('button', { name: /^Resume/ })
      .first()
      .click();
    await expect.poll(() => workers().length, { timeout: 30_000 }).toBe(1);
  }, 90_000);

  it('whose host is killed takes its worker along, and the page says that the host is away', async () => {
    const { page, host } = opened;
    host.child.kill('SIGKILL');
    await page.getByText(/host is away/i).waitFor({ timeout: 15_000 });
    await expect.poll(() => workers().length, { timeout: 15_000 }).toBe(0);
  }, 60_000);
});
