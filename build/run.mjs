/**
 * @file Runs a task of this checkout after doing whatever set-up is missing: `node build/run.mjs sagitta demo`.
 * Plain JavaScript for any Node from 20 on; the task itself runs on the Node 24 that npm installs as a dependency.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.sagitta-installed');

const tasks = {
  sagitta: ['src/cli/main.ts'],
  start: ['build/start.mjs'],
  vitest: ['node_modules/vitest/vitest.mjs'],
  generate: ['build/generate-docs.ts'],
};

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** Installs the dependencies when they are missing or the lock file has changed since. */
function installDependencies() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash()) return;
  process.stderr.write('Installing dependencies (npm ci) …\n');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status, error } = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (error || status !== 0) {
    fail('npm ci failed. Check the connection to the npm registry (npm ping), then try again.');
  }
  writeFileSync(stamp, lockHash());
}

/** The Node 24 that came with the dependencies. */
function nodeBinary() {
  const binary = join(
    root,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (!existsSync(binary)) {
    fail(
      'The npm package "node" did not bring a Node 24 for this platform.\n' +
        'Run "npm rebuild node"; if that does not help, install Node 24 from https://nodejs.org and try again.',
    );
  }
  return binary;
}

function compileKernels(node) {
  const { status } = spawnSync(node, ['build/native.mjs'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

const [task, ...rest] = process.argv.slice(2);
if (task !== 'setup' && !Object.hasOwn(tasks, task ?? ''))
  fail(`Usage: node build/run.mjs ${Object.keys(tasks).join('|')}|setup …`);

installDependencies();
const node = nodeBinary();
compileKernels(node);
if (task === 'setup') process.exit(0);

const script = join(root, tasks[task][0]);
const child = spawn(node, ['--disable-warning=ExperimentalWarning', script, ...rest], {
  // The fourth channel ties the task's life to ours: when this process is killed, the task sees it close and leaves too.
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env: {
    ...process.env,
    PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
  },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (status, signal) => {
  process.exit(status ?? 128 + (constants.signals[signal] ?? 1));
});
