/**
 * @file `npm start`: builds the window when its sources are newer, then opens it: in the desktop app where Electron is there (or can
 * be fetched) and there is a display, else in the system's browser. `npm start -- --browser` always takes the browser; options of
 * `sagitta serve` (--port, --project) do too.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from './builds.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const electronFolder = join(root, 'node_modules', 'electron');

/** From asking whether the download's server is there, and from beginning to download. */
const limits = { answerMs: 3000, downloadMs: 5 * 60_000 };

/** A desktop app that ends with an error sooner than this could not start here. */
const startMs = 10_000;

function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Electron's program; undefined when it has not been downloaded. */
function electronProgram() {
  const pathFile = join(electronFolder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const program = join(electronFolder, 'dist', readFileSync(pathFile, 'utf8'));
  return existsSync(program) ? program : undefined;
}

/** Whether the server that Electron is downloaded from answers, soon. */
async function isDownloadable() {
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror;
  try {
    await fetch(mirror ?? 'https://github.com/electron/electron', {
      method: 'HEAD',
      signal: AbortSignal.timeout(limits.answerMs),
    });
    return true;
  } catch {
    return false;
  }
}

/** Electron brings no program when it is installed; its own script fetches it. */
async function fetchElectron() {
  if (!(await isDownloadable())) return undefined;
  say('Fetching Electron (about 110 MB, once) …');
  spawnSync(process.execPath, ['install.js'], {
    cwd: electronFolder,
    stdio: ['ignore', 'ignore', 'ignore'],
    timeout: limits.downloadMs,
  });
  return electronProgram();
}

/** Why the desktop app cannot be had; undefined when it can. */
function whyNoDesktop() {
  const { platform, env } = process;
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display';
  // As root, Chromium refuses to start with its sandbox, and Sagitta does not start without.
  if (platform === 'linux' && process.getuid() === 0) return 'this user is root';
  return existsSync(join(electronFolder, 'package.json')) ? undefined : 'Electron is not installed';
}

/** Ends with us, and we with it. */
function start(program, args, options) {
  const child = spawn(program, args, { cwd: root, ...options });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // The launcher was killed: nobody is left to ask us to stop.
  process.on('disconnect', () => child.kill('SIGTERM'));
  return child;
}

/** How it ended: its exit code, or why it could not be started here. */
function startDesktop(program) {
  build('desktop app');
  say('Sagitta opens as a desktop app.');
  const began = performance.now();
  const child = start(program, [root], { stdio: 'inherit' });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ problem: error.message }));
    child.on('exit', (status, signal) => {
      const isEarly = performance.now() - began < startMs && signal !== 'SIGINT' && signal !== 'SIGTERM';
      if (status !== 0 && isEarly)
        resolve({ problem: `it ended at once (${signal ?? `exit code ${status}`})` });
      else resolve({ status: status ?? 0 });
    });
  });
}

const openers = {
  linux: ['xdg-open'],
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

function openBrowser(url) {
  const [program, ...args] = openers[process.platform] ?? [];
  const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (program === undefined || !hasDisplay) return;
  // The address is printed as well, so a system without such a program misses nothing.
  spawn(program, [...args, url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

/** Of the line by which the host says that it is ready; undefined for any other. */
function addressIn(line) {
  return line.startsWith('{"type":"ready"') ? JSON.parse(line).url : undefined;
}

/** Serves the window, and shows it in the browser. Resolves with the exit code. */
function serve(reason, args) {
  // The fourth channel: should we be killed, the host sees it close, pauses what runs and leaves.
  const host = start(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'src/cli/main.ts', 'serve', '--json', ...args],
    {
      stdio: ['inherit', 'pipe', 'inherit', 'ipc'],
    },
  );
  createInterface({ input: host.stdout }).on('line', (line) => {
    const url = addressIn(line);
    if (url === undefined) return say(line);
    say(`Sagitta opens in the browser, because ${reason}: ${url}`);
    say('The address works once. Ctrl-C ends Sagitta; training is paused first.');
    openBrowser(url);
  });
  return new Promise((resolve) => {
    host.on('exit', (status) => resolve(status ?? 1));
  });
}

async function main() {
  const args = process.argv.slice(2);
  const served = args.filter((argument) => argument !== '--browser');
  build('window');
  let reason = args.length > 0 ? 'you asked for it' : whyNoDesktop();
  if (reason === undefined) {
    const program = electronProgram() ?? (await fetchElectron());
    const { status, problem } =
      program === undefined ? { problem: 'it cannot be fetched now' } : await startDesktop(program);
    if (problem === undefined) return status;
    reason = `Electron is not to be had: ${problem}`;
  }
  return serve(reason, served);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
if (process.connected) process.disconnect();
