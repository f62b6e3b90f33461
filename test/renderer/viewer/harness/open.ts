/** @file Builds the page of the viewer's tests, serves it on loopback and opens it in a real browser. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { launchBrowser } from '../../../helpers/browser.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

export interface OpenHarness {
  readonly page: Page;
  /** Errors and warnings of the console, and what was thrown and not caught. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export async function openHarness({ args = [] }: { args?: readonly string[] } = {}): Promise<OpenHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'sagitta-viewer-'));
  await build({
    configFile: join(import.meta.dirname, '../../../../src/renderer/vite.config.ts'),
    root: import.meta.dirname,
    publicDir: false,
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, minify: false },
  });
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = join(folder, path === '/' ? 'index.html' : path);
    readFile(file).then(
      (body) =>
        response
          .writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
          .end(body),
      () => response.writeHead(path === '/favicon.ico' ? 204 : 404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launchBrowser(args);
  const page = await browser.newPage({ viewport: { width: 640, height: 480 } });
  const complaints: string[] = [];
  page.on('console', (message) => {
    // The tests do read many pixels back.
    if (/^(error|warning)$/.test(message.type()) && !message.text().includes('willReadFrequently'))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return {
    page,
    complaints,
    close: async () => {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}
