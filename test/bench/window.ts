/**
 * @file From a file that is dropped on the window to the first picture: the real host, the real page, a real browser with software drawing.
 * Usage: node test/bench/window.ts [--dims 256,256,256] [--browser /usr/bin/chromium]. Prints one JSON document: seconds, medians of three.
 * Needs the window built (npm run build:window).
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { writeVolume } from '../../src/imaging/node/save.ts';

const { values } = parseArgs({
  options: {
    dims: { type: 'string', default: '256,256,256' },
    browser: { type: 'string', default: '/usr/bin/chromium' },
    repeat: { type: 'string', default: '3' },
  },
});
const dims = values.dims.split(',').map(Number) as [number, number, number];
const folder = await mkdtemp(join(tmpdir(), 'sagitta-bench-'));

/** A smooth head-like ball with texture, int16, so that gzip has something to do. */
async function writeSubject(name: string): Promise<string> {
  const data = new Int16Array(dims[0] * dims[1] * dims[2]);
  let noise = 12345;
  for (let z = 0, at = 0; z < dims[2]; z++)
    for (let y = 0; y < dims[1]; y++)
      for (let x = 0; x < dims[0]; x++, at++) {
        noise = (Math.imul(noise, 1103515245) + 12345) & 0x7fffffff;
        const r = Math.hypot(x / dims[0] - 0.5, y / dims[1] - 0.5, z / dims[2] - 0.5);
        data[at] = (r < 0.45 ? 600 - 800 * r : 0) + (noise >> 24);
      }
  const file = join(folder, `${name}.nii.gz`);
  await writeVolume(file, {
    data,
    dtype: 'int16',
    dims,
    timePoints: 1,
    components: 1,
    spacingMm: [1, 1, 1],
    timeStepS: 0,
    rasFromIjk: [
      [1, 0, 0, -dims[0] / 2],
      [0, 1, 0, -dims[1] / 2],
      [0, 0, 1, -dims[2] / 2],
      [0, 0, 0, 1],
    ],
    slope: 1,
    intercept: 0,
  });
  return file;
}

/** Drops a file of this machine onto the page as the desktop does: its bytes arrive when the page reads them. */
async function drop(page: Page, file: string): Promise<void> {
  const { left, top } = { left: 700, top: 450 };
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: left, y: top, data });
  await session.detach();
}

/** Runs in the page: whether a picture of the viewer holds something brighter than its ground. */
const isDrawn = `(() => {
  const canvas = [...document.querySelectorAll('.picture canvas')].find(({ width }) => width > 0);
  const context = canvas?.getContext('2d', { willReadFrequently: true });
  if (!context) return false;
  const { data } = context.getImageData(canvas.width / 2 - 4, canvas.height / 2 - 4, 8, 8);
  return data.some((value, at) => at % 4 !== 3 && value > 40);
})()`;

/** Runs in the page before anything else: collects long tasks. */
const observeLongTasks = `
  window.longTasks = [];
  new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ entryTypes: ['longtask'] });
`;

async function startHost(): Promise<{ url: string; stop: () => void }> {
  const entry = join(import.meta.dirname, '../../src/cli/main.ts');
  const host = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, 'serve', '--json'], {
    env: { ...process.env, HOME: folder, SAGITTA_HOME: join(folder, 'home') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: host.stdout }))
    return { url: (JSON.parse(line) as { url: string }).url, stop: () => void host.kill('SIGTERM') };
  throw new Error('the host ended before it was ready');
}

/** Long tasks of the page since the last call, milliseconds. */
const longTasks = (page: Page) => page.evaluate<number[]>('window.longTasks.splice(0)');

interface Round {
  /** From the drop until the dialog says what was understood. */
  readonly understoodS: number;
  /** From "take" until the first picture. */
  readonly pictureS: number;
  readonly longestTaskMs: number;
  readonly longestTaskScrollingMs: number;
}

async function measure(page: Page, file: string): Promise<Round> {
  await longTasks(page);
  const dropped = performance.now();
  await drop(page, file);
  const take = page.getByRole('dialog').getByRole('button', { name: /take/i });
  await take.waitFor();
  const understood = performance.now();
  await take.click();
  const taken = performance.now();
  while (!(await page.evaluate<boolean>(isDrawn))) await page.waitForTimeout(20);
  const drawn = performance.now();
  const opening = await longTasks(page);
  await page.mouse.move(500, 300);
  for (let slice = 0; slice < 30; slice++) await page.mouse.wheel(0, 100);
  await page.waitForTimeout(500);
  const scrolling = await longTasks(page);
  return {
    understoodS: (understood - dropped) / 1000,
    pictureS: (drawn - taken) / 1000,
    longestTaskMs: Math.max(0, ...opening),
    longestTaskScrollingMs: Math.max(0, ...scrolling),
  };
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

const host = await startHost();
const browser = await chromium.launch({
  executablePath: values.browser,
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(observeLongTasks);
  await page.goto(host.url);
  const rounds: Round[] = [];
  for (let n = 1; n <= Number(values.repeat); n++) {
    rounds.push(await measure(page, await writeSubject(`subject-${n}`)));
    process.stderr.write(`${JSON.stringify(rounds.at(-1))}\n`);
    // A page without a picture for the next round.
    await page.getByRole('button', { name: 'Plugins', exact: true }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Plugins', exact: true }).click();
  }
  const of = (name: keyof Round) => median(rounds.map((round) => round[name]));
  const result = {
    dims,
    understoodS: of('understoodS'),
    pictureS: of('pictureS'),
    longestTaskMs: of('longestTaskMs'),
    longestTaskScrollingMs: of('longestTaskScrollingMs'),
  };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} finally {
  await browser.close();
  host.stop();
  await rm(folder, { recursive: true, force: true });
}
