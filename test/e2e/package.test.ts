/**
 * @file A package, made for real but for Electron's own files (they cannot be had everywhere): built, staged and packed by
 * electron-builder, then its host is run by the Node inside it, far from the checkout.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locate } from '../../src/main/locations.ts';
import { repository } from './helpers.ts';

const run = promisify(execFile);
const builderRequire = createRequire(join(repository, 'node_modules/app-builder-lib/package.json'));
const { listPackage, extractFile } = builderRequire('@electron/asar') as {
  listPackage(archive: string, options: { isPack: boolean }): string[];
  extractFile(archive: string, path: string): Buffer;
};

let folder: string;
let resources: string;

/** Runs a tool of node_modules on the Node of this checkout. */
function tool(path: string, ...args: string[]) {
  return run(process.execPath, [join(repository, path), ...args], { cwd: repository });
}

/** The least that electron-builder takes for an Electron: names, no program. */
async function makeStandIn(place: string): Promise<void> {
  await mkdir(join(place, 'locales'), { recursive: true });
  await mkdir(join(place, 'resources'));
  for (const name of ['electron', 'LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak'])
    await writeFile(join(place, name), '');
}

/** Fuses are set in Electron's program, which is not there; all else is as `npm run package` has it. */
async function configurationWithoutFuses(): Promise<string> {
  const { load } = builderRequire('js-yaml') as { load(text: string): Record<string, unknown> };
  const { electronFuses: _, ...rest } = load(
    await readFile(join(repository, 'build/electron-builder.yml'), 'utf8'),
  );
  const file = join(folder, 'electron-builder.json');
  const standIn = { electronDist: join(folder, 'electron'), directories: { output: join(folder, 'dist') } };
  await writeFile(file, JSON.stringify({ ...rest, ...standIn }));
  return file;
}

describe.skipIf(process.platform !== 'linux')('a package', () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sagitta-package-'));
    await tool('node_modules/electron-vite/bin/electron-vite.js', 'build');
    // A page of its own: another test may be building the usual one just now.
    const page = join(folder, 'renderer');
    const config = ['--config', 'src/renderer/vite.config.ts'];
    await tool('node_modules/vite/bin/vite.js', 'build', ...config, '--outDir', page);
    await tool('build/stage.mjs', page);
    await makeStandIn(join(folder, 'electron'));
    const configuration = await configurationWithoutFuses();
    await tool('node_modules/electron-builder/cli.js', '--linux', 'dir', '--config', configuration);
    resources = join(folder, 'dist/linux-unpacked/resources');
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  const places = () =>
    locate({ isPackaged: true, platform: 'linux', resources, app: join(resources, 'app.asar') });

  it('holds all that the shell looks for', () => {
    const { preload: _inArchive, ...outside } = places();
    expect(Object.values(outside).filter((path) => !existsSync(path))).toEqual([]);
  });

  it('has an archive of the two bundles and nothing else', () => {
    const archive = join(resources, 'app.asar');
    const files = listPackage(archive, { isPack: false }).filter((path) => /\.[a-z]+$/.test(path));
    expect(files.sort()).toEqual([
      '/build/out/main/index.js',
      '/build/out/preload/index.cjs',
      '/package.json',
    ]);
    expect(JSON.parse(extractFile(archive, 'package.json').toString())).toMatchObject({
      main: 'build/out/main/index.js',
      type: 'module',
    });
  });

  it('needs no module in its bundles but those of Node and Electron', () => {
    const archive = join(resources, 'app.asar');
    const text = (path: string) => extractFile(archive, path).toString();
    const imported = [...text('build/out/main/index.js').matchAll(/^import .* from "([^"]+)";$/gm)];
    expect(imported.map(([, name]) => name!).filter((name) => !/^(node:|electron$)/.test(name))).toEqual([]);
    const required = [...text('build/out/preload/index.cjs').matchAll(/\brequire\("([^"]+)"\)/g)];
    expect(required.map(([, name]) => name)).toEqual(['electron']);
  });

  it('runs its command line on its own Node, with plugins and kernels, from anywhere', async () => {
    const { node, entry } = places();
    const { stdout: plugins } = await run(node, [entry, 'plugin', 'list', '--json'], { cwd: folder });
    expect(JSON.stringify(JSON.parse(plugins))).toContain('vessel-mip');
    const { stdout: devices } = await run(node, [entry, 'devices', '--json'], { cwd: folder });
    expect(JSON.stringify(JSON.parse(devices))).toContain('threads');
  });

  it('carries the page, the licence, and no test, tool or map', async () => {
    const host = join(resources, 'host');
    expect((await stat(join(host, 'build/out/renderer/index.html'))).isFile()).toBe(true);
    expect((await stat(join(host, 'LICENSE'))).isFile()).toBe(true);
    const packages = await readdir(join(host, 'node_modules'));
    expect(
      packages.filter((name) => /^(electron.*|vite.*|svelte.*|typescript|playwright.*|node)$/.test(name)),
    ).toEqual([]);
    const all = await readdir(host, { recursive: true });
    expect(all.filter((name) => /\.(map|test\.ts)$/.test(name))).toEqual([]);
  });
});
