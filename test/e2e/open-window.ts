/** @file Opens the application for a test: the real host in a temporary home, its window in a real browser. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../helpers/browser.ts';
import { type Running, start, temporaryFolder } from './helpers.ts';

export interface OpenWindow {
  readonly page: Page;
  readonly host: Running;
  /** Where the host listens: `http://127.0.0.1:port`. */
  readonly origin: string;
  /** Home of the person, for files of the test. */
  readonly folder: string;
  /** What the page complained of. */
  readonly complaints: readonly string[];
  toPage(name: 'Data' | 'Train' | 'Predict' | 'Review' | 'Plugins'): Promise<void>;
  /** Another host in the same home, e.g. on the port of one that was killed. It ends with the window. Resolves with the address it prints. */
  serveAgain(...args: string[]): Promise<{ host: Running; url: string }>;
  close(): Promise<void>;
}

/** Starts `sagitta serve`; resolves with the address that it prints. */
async function serve(folder: string, args: readonly string[]): Promise<{ host: Running; url: string }> {
  const host = start(['serve', '--json', ...args], { cwd: folder });
  let text = '';
  host.child.stdout!.on('data', (piece: string) => {
    text += piece;
  });
  if (!(await host.printed(/"type":"ready".*\n/))) throw new Error((await host.finished).stderr);
  return { host, url: (JSON.parse(text.split('\n')[0]!) as { url: string }).url };
}

export async function openWindow(name: string): Promise<OpenWindow> {
  const { folder, remove } = await temporaryFolder(name);
  Object.assign(process.env, { HOME: folder, SAGITTA_HOME: join(folder, 'home') });
  const { host, url } = await serve(folder, []);
  const hosts = [host];
  const browser: Browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(url);
  return {
    page,
    host,
    origin: new URL(url).origin,
    folder,
    complaints,
    toPage: (to) =>
      page.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: to, exact: true }).click(),
    serveAgain: async (...args) => {
      const again = await serve(folder, args);
      hosts.push(again.host);
      return again;
    },
    close: async () => {
      await browser.close();
      for (const one of hosts) {
        one.child.kill('SIGTERM');
        await one.finished;
      }
      await remove();
    },
  };
}
