/** @file Where the shell looks, in a package and in this checkout. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { locate, socketPath } from '../../src/main/locations.ts';

const root = join(import.meta.dirname, '../..');

it('a checkout holds Node, entry, icon and documentation where they are looked for', () => {
  const places = locate({ isPackaged: false, platform: process.platform, resources: '', app: root });
  // The preload script is a build's.
  const { preload: _built, ...own } = places;
  expect(Object.values(own).filter((path) => !existsSync(path))).toEqual([]);
});

it('a package on Linux has all but the shell itself beside the archive', () => {
  const places = locate({
    isPackaged: true,
    platform: 'linux',
    resources: '/opt/Sagitta/resources',
    app: '/opt/Sagitta/resources/app.asar',
  });
  expect(places).toEqual({
    node: '/opt/Sagitta/resources/node/node',
    entry: '/opt/Sagitta/resources/host/src/cli/main.ts',
    preload: '/opt/Sagitta/resources/app.asar/build/out/preload/index.cjs',
    icon: '/opt/Sagitta/resources/icon.png',
    documentation: '/opt/Sagitta/resources/host/docs',
  });
});

it('a package on Windows has its own separators and names', () => {
  const places = locate({
    isPackaged: true,
    platform: 'win32',
    resources: 'C:\\S\\resources',
    app: 'C:\\S\\resources\\app.asar',
  });
  expect(places.node).toBe('C:\\S\\resources\\node\\node.exe');
  expect(places.entry).toBe('C:\\S\\resources\\host\\src\\cli\\main.ts');
});

it('the socket is a pipe on Windows, elsewhere a file of its own at each start', () => {
  expect(socketPath({ platform: 'win32', folder: 'C:\\x', startCount: 1 })).toMatch(
    /^\\\\\.\\pipe\\sagitta-[0-9a-f-]{36}$/,
  );
  expect(socketPath({ platform: 'darwin', folder: '/tmp/x', startCount: 2 })).toBe('/tmp/x/host-2.sock');
});
