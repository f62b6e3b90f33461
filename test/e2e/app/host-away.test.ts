/** @file The host is killed during a training and started anew: what the window says, how it goes on, what is left of the run. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenWindow, openWindow } from '../open-window.ts';
import { lastStep, openSample, trainSample, workersOf } from './actions.ts';
import { keepPictures } from './keep-pictures.ts';

let opened: OpenWindow;
let again: Awaited<ReturnType<OpenWindow['serveAgain']>>;
let address: string;

beforeAll(async () => {
  opened = await openWindow('host-away');
  await openSample(opened);
  await trainSample(opened, { epochs: 300, steps: 20 });
}, 120_000);

keepPictures(() => opened?.page);
afterAll(() => opened?.close());

describe('a window whose host was killed', () => {
  it('says that the host is away, and keeps what it shows', async () => {
    const { page, host } = opened;
    await expect.poll(() => lastStep(page), { timeout: 60_000 }).toBeGreaterThan(40);
    host.child.kill('SIGKILL');
    await page
      .getByRole('status')
      .getByText(/host is away/i)
      .waitFor();
    expect(await lastStep(page)).toBeGreaterThan(40);
  }, 90_000);

  it('is not let in by the host that comes after on the same port, and says what to open', async () => {
    const { page, origin, folder } = opened;
    const [name] = await readdir(join(folder, 'Sagitta'));
    const project = join(folder, 'Sagitta', name!);
    await expect.poll(() => workersOf(opened.host.child.pid!).length).toBe(0);
    again = await opened.serveAgain('--port', new URL(origin).port, '--project', project);
    address = again.url;
    expect(new URL(address).origin).toBe(origin);
    await page
      .getByRole('alert')
      .getByText(/started anew/i)
      .waitFor({ timeout: 20_000 });
    expect(await page.getByRole('alert').innerText()).toMatch(/address that it print/i);
  }, 60_000);

  it('goes on by itself once the new address was opened beside it', async () => {
    const { page } = opened;
    const beside = await page.context().newPage();
    await beside.goto(address);
    await beside.getByRole('navigation', { name: 'Pages' }).waitFor();
    await beside.close();
    await page.getByText(/started anew/i).waitFor({ state: 'detached', timeout: 20_000 });
    expect(await page.getByText(/host is away/i).count()).toBe(0);
  }, 60_000);

  it('finds the run interrupted, and resumes it where it was', async () => {
    const { page } = opened;
    await page.getByRole('row').getByText('Interrupted', { exact: true }).waitFor();
    await expect.poll(() => lastStep(page)).toBeGreaterThan(0);
    const before = await lastStep(page);
    await page
      .getByRole('button', { name: /^Resume/ })
      .first()
      .click();
    await expect.poll(() => workersOf(again.host.child.pid!).length, { timeout: 30_000 }).toBe(1);
    await expect.poll(() => lastStep(page), { timeout: 60_000 }).toBeGreaterThan(before);
  }, 120_000);
});
