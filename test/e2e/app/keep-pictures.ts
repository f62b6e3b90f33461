/** @file To see what the page looked like when a test failed: SAGITTA_SCREENSHOTS=folder. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach } from 'vitest';

export function keepPictures(page: () => Page | undefined): void {
  afterEach(async ({ task }) => {
    const folder = process.env.SAGITTA_SCREENSHOTS;
    if (folder && task.result?.state === 'fail')
      await page()?.screenshot({ path: join(folder, `${task.name.replaceAll(/\W+/g, '-')}.png`) });
  });
}
