/** @file The window and the desktop app are built when they are missing or older than what they are made from. */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What a build is made from, and what tells when it was made. */
const builds = {
  window: {
    sources: [
      'src/renderer',
      'src/contract',
      'src/base',
      'src/imaging/geometry',
      'src/recipe',
      'package-lock.json',
    ],
    output: 'build/out/renderer/index.html',
    command: [
      'node_modules/vite/bin/vite.js',
      'build',
      '--logLevel',
      'error',
      '--config',
      'src/renderer/vite.config.ts',
    ],
  },
  'desktop app': {
    sources: [
      'src/main',
      'src/preload',
      'src/contract',
      'src/base',
      'electron.vite.config.ts',
      'package-lock.json',
    ],
    output: 'build/out/main/index.js',
    command: ['node_modules/electron-vite/bin/electron-vite.js', 'build', '--logLevel', 'error'],
  },
};

function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/**
 * Does nothing when it is newer than all it is made from. Throws when it cannot be built.
 *
 * @param {'window' | 'desktop app'} name
 */
export function build(name) {
  const { sources, output, command } = builds[name];
  const made = statSync(join(root, output), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (sources.every((source) => newest(join(root, source)) < made)) return;
  process.stderr.write(`Building the ${name} …\n`);
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`The ${name} could not be built; the lines above say why.`);
}
