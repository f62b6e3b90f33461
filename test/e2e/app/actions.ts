/** @file What a person does in the window, for the tests of the whole application; and what they look at. */
import { execFileSync } from 'node:child_process';
import AxeSource from 'axe-core';
import type { Page } from 'playwright-core';
import type { OpenWindow } from '../open-window.ts';

const lossLabel = 'Loss: values at a step';

/** Drops files and folders, as a file manager does it. */
export async function drop(page: Page, ...files: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 700, y: 450, data });
  await session.detach();
}

export async function openSample({ page }: OpenWindow): Promise<void> {
  await page.getByRole('button', { name: /sample study/i }).click();
  await page.getByRole('tree').getByText('sample-1').waitFor({ timeout: 60_000 });
}

/** Through the form, with a length that a test can wait for. Resolves when the first step was made. */
export async function trainSample(
  { page, toPage }: OpenWindow,
  { epochs, steps }: { epochs: number; steps: number },
): Promise<void> {
  await toPage('Train');
  await page.getByLabel(/^Epochs/).fill(String(epochs));
  await page.getByLabel(/^Steps per epoch/).fill(String(steps));
  // Waits until the check list says that it can be.
  await page.getByRole('button', { name: 'Train', exact: true }).last().click();
  await page.locator(`[aria-label="${lossLabel}"]:not([aria-valuemax="0"])`).waitFor({ timeout: 60_000 });
}

/** Where the curve of the loss ends; 0 before there is one. */
export async function lastStep(page: Page): Promise<number> {
  const plot = page.getByRole('slider', { name: lossLabel });
  return (await plot.count()) === 0 ? 0 : Number(await plot.getAttribute('aria-valuemax'));
}

/** Findings of axe that matter, as one line each. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(AxeSource.source);
  return page.evaluate<string[]>(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`);
}

/** Workers are the host's children. */
export function workersOf(host: number): number[] {
  try {
    const lines = execFileSync('pgrep', ['-f', '-P', String(host), 'worker/main.ts'], { encoding: 'utf8' });
    return lines.trim().split('\n').map(Number);
  } catch {
    // pgrep ends with 1 when there is none.
    return [];
  }
}
