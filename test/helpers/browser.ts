/** @file A real browser for tests: the system's Chromium, else the one that comes as an npm package. Drawing is done in software. */
import { existsSync } from 'node:fs';
import chromiumPackage from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const installed = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

const args = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-background-networking',
];

/** Throws when neither can be started; the message says why. */
export async function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  if (installed !== undefined)
    return chromium.launch({ executablePath: installed, args: [...args, ...more] });
  return chromium.launch({
    executablePath: await chromiumPackage.executablePath(),
    args: [
      ...chromiumPackage.args.filter((arg) => !/gpu|gl=|angle|headless|single-process|zygote/.test(arg)),
      ...args,
      ...more,
    ],
  });
}
