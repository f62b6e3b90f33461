/**
 * @file The desktop app itself, where Electron's program is there (`node_modules/electron/dist`) and has a display: its window on the
 * real host, fenced in. Elsewhere the parts are tested each by itself: test/main, test/preload, test/e2e/package.test.ts.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from './helpers.ts';

const run = promisify(execFile);

const programs: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'electron',
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};
const program = join(repository, 'node_modules/electron/dist', programs[process.platform] ?? 'electron');
const hasDisplay =
  process.platform !== 'linux' ||
  process.env.DISPLAY !== undefined ||
  process.env.WAYLAND_DISPLAY !== undefined;

function whyNot(): string | undefined {
  if (!existsSync(program)) return "Electron's program is not installed (node_modules/electron/dist)";
  return hasDisplay ? undefined : 'there is no display';
}

const reason = whyNot();
if (reason !== undefined) process.stderr.write(`The desktop app itself is not tested here: ${reason}.\n`);

describe.skipIf(reason !== undefined)(
  `the desktop app${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    let folder: string;
    let app: ElectronApplication;
    let page: Page;

    function launch(...files: string[]): Promise<ElectronApplication> {
      // A container's user is often root, for whom Chromium has no sandbox.
      const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      return _electron.launch({
        executablePath: program,
        args: [...sandbox, `--user-data-dir=${join(folder, 'user')}`, repository, ...files],
        env: { ...definedEnvironment(), HOME: folder, XDG_CONFIG_HOME: join(folder, 'config') },
      });
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sagitta-electron-'));
      const tool = (path: string, ...args: string[]) =>
        run(process.execPath, [join(repository, path), ...args], { cwd: repository });
      await tool('node_modules/electron-vite/bin/electron-vite.js', 'build');
      if (!existsSync(join(repository, 'build/out/renderer/index.html')))
        await tool('node_modules/vite/bin/vite.js', 'build', '--config', 'src/renderer/vite.config.ts');
      app = await launch();
      page = await app.firstWindow();
      await page.waitForSelector('#app > *');
    });

    afterAll(async () => {
      await app?.close();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    });

    it('shows the page that the host serves, with its policy', async () => {
      expect(page.url()).toMatch(/^sagitta:\/\/app\//);
      expect(await page.title()).toBe('Sagitta');
      const policy = await page.evaluate(
        `fetch('/').then(({ headers }) => headers.get('content-security-policy'))`,
      );
      expect(policy).toContain('default-src');
    });

    it('gives the page the bridge and nothing of Node or Electron', async () => {
      const found = await page.evaluate(`({
      bridge: typeof window.sagitta?.chooseFolder,
      others: ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter((name) => name in window),
    })`);
      expect(found).toEqual({ bridge: 'function', others: [] });
    });

    it('opens no other window, goes nowhere and loads nothing from elsewhere', async () => {
      const outcome = await page.evaluate(`(async () => ({
      opened: window.open('http://example.com/') !== null,
      loaded: await fetch('https://example.com/').then(() => true, () => false),
      camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(() => true, () => false),
    }))()`);
      expect(outcome).toEqual({ opened: false, loaded: false, camera: false });
      expect(app.windows()).toHaveLength(1);
    });

    it('runs its pages in a sandbox', async () => {
      const preferences = await app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map(({ webContents }) =>
          // Not in the types, as it is meant for tests.
          (webContents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences(),
        ),
      );
      expect(preferences).toMatchObject([
        { sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true },
      ]);
    });

    it('hands the files of a second start to the first, which stays the only one', async () => {
      const file = join(folder, 'a.nii');
      await writeFile(file, '');
      const opened = page.evaluate(`new Promise((resolve) => window.sagitta.onOpenFiles(resolve))`);
      const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      await run(program, [...args, `--user-data-dir=${join(folder, 'user')}`, repository, file]);
      expect(await opened).toEqual([file]);
      expect(app.windows()).toHaveLength(1);
    });
  },
);

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
