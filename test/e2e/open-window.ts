/** @file Opens the application for a test: the real host in a temporary home, its window in a real browser. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../helpers/browser.ts';
import { type Running, start, temporaryFolder } from './helpers.ts';

export interface OpenWindow {
  readonly page: Page;
  readonly host: Running;
  /** Home of the person, for files of the test. */
  readonly folder: string;
  /** What the page complained of. */
  readonly complaints: readonly string[];
  toPage(name: 'Data' | 'Train' | 'Predict' | 'Review' | 'Plugins'): Promise<void>;
  close(): Promise<void>;
}

export async function openWindow(name: string): Promise<OpenWindow> {
  const { folder, remove } = await temporaryFolder(name);
  Object.assign(process.env, { HOME: folder, SAGITTA_HOME: join(folder, 'home') });
  const host = start(['serve', '--json'], { cwd: folder });
  let text = '';
  host.child.stdout!.on('data', (piece: string) => {
    text += piece;
  });
  await host.printed(/"type":"ready".*\n/);
  const browser: Browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto((JSON.parse(text.split('\n')[0]!) as { url: string }).url);
  return {
    page,
    host,
    folder,
    complaints,
    toPage: (to) =>
      page.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: to, exact: true }).click(),
    close: async () => {
      await browser.close();
      host.child.kill('SIGTERM');
      await host.finished;
      await remove();
    },
  };
}
