/**
 * @file Compiles the native kernels: each kernel file once per instruction set, then one addon in build/out. Does nothing when the
 * sources have not changed. With --test it also builds and runs the C++ tests. Plain JavaScript, no dependencies but Node's headers.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const nativeFolder = join(root, 'native');
const outFolder = join(root, 'build', 'out');
const addon = join(outFolder, `sagitta-native-${process.platform}-${process.arch}.node`);

/** Compiled once; everything else in native/ is a kernel file and compiled per instruction set. */
const shared = ['addon.cpp', 'dispatch.cpp', 'session.cpp', 'thread-pool.cpp'];

const instructionSets = {
  x64: {
    avx512: [
      '-mavx512f',
      '-mavx512vl',
      '-mavx512bw',
      '-mavx512dq',
      '-mfma',
      '-mprefer-vector-width=512',
      '-DSAGITTA_ISA_AVX512',
    ],
    avx2: ['-mavx2', '-mfma', '-DSAGITTA_ISA_AVX2'],
    baseline: [],
  },
  arm64: { neon: ['-DSAGITTA_ISA_NEON'], baseline: [] },
};

const flags = [
  '-std=c++20',
  '-O3',
  '-fPIC',
  '-fno-math-errno',
  '-fno-trapping-math',
  '-fvisibility=hidden',
  '-Wall',
  '-Wextra',
  '-Wno-psabi',
  '-Wno-missing-field-initializers',
];

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function findCompiler() {
  const candidates = [process.env.CXX, 'g++', 'clang++', 'c++'].filter(Boolean);
  const found = candidates.find((candidate) => spawnSync(candidate, ['--version']).status === 0);
  if (found !== undefined) return found;
  const how = {
    linux: 'On Debian or Ubuntu: sudo apt install g++. On Fedora: sudo dnf install gcc-c++.',
    darwin: 'Install the command line tools: xcode-select --install.',
    win32:
      "Install LLVM (clang++) or MinGW-w64 (g++) and put it on the PATH; Microsoft's compiler is not supported yet.",
  };
  return fail(
    `No C++ compiler was found (tried ${candidates.join(', ')}).\n${how[process.platform] ?? 'Install g++ or clang++.'}\nThen run the same command again.`,
  );
}

function sourcesHash(compiler) {
  const hash = createHash('sha256')
    .update(compiler)
    .update(readFileSync(fileURLToPath(import.meta.url)));
  for (const name of readdirSync(nativeFolder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.(cpp|h)$/.test(name)) hash.update(name).update(readFileSync(join(nativeFolder, name)));
  }
  return hash.digest('hex');
}

function compile(compiler, args) {
  return new Promise((resolve) => {
    const child = spawn(compiler, args, { cwd: nativeFolder });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        output += data;
      });
    child.on('close', (status) => {
      if (status !== 0)
        fail(
          `Compiling the native kernels failed:\n${compiler} ${args.join(' ')}\n${output}\nA compiler with C++20 (g++ 11 or clang++ 14, or newer) is needed.`,
        );
      resolve();
    });
  });
}

async function runAll(jobs) {
  const queue = [...jobs];
  const work = async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) await job();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

const sets = instructionSets[process.arch];
if (sets === undefined)
  fail(`There are no native kernels for the processor ${process.arch}; x64 and arm64 are supported.`);
const compiler = findCompiler();
const kernelFiles = readdirSync(nativeFolder).filter(
  (name) => name.endsWith('.cpp') && !shared.includes(name),
);

async function buildAddon() {
  const stamp = join(outFolder, 'sources.sha256');
  const hash = sourcesHash(compiler);
  if (existsSync(addon) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  process.stderr.write(`Compiling the native kernels with ${compiler} (once, about half a minute) …\n`);
  const objects = join(outFolder, 'objects');
  mkdirSync(objects, { recursive: true });
  const headers = join(root, 'node_modules', 'node-api-headers', 'include');
  const outputs = [];
  const jobs = [];
  const add = (name, set, extra) => {
    const output = join(objects, `${basename(name, '.cpp')}-${set}.o`);
    outputs.push(output);
    jobs.push(() =>
      compile(compiler, [
        ...flags,
        ...extra,
        '-I',
        headers,
        '-DNAPI_VERSION=8',
        '-DNODE_GYP_MODULE_NAME=sagitta',
        '-c',
        name,
        '-o',
        output,
      ]),
    );
  };
  for (const name of kernelFiles) for (const [set, extra] of Object.entries(sets)) add(name, set, extra);
  for (const name of shared) add(name, 'shared', []);
  await runAll(jobs);
  const link =
    process.platform === 'darwin'
      ? ['-bundle', '-undefined', 'dynamic_lookup']
      : ['-shared', '-pthread', '-static-libstdc++', '-static-libgcc'];
  const temporary = `${addon}.${process.pid}`;
  await compile(compiler, [...link, ...outputs, '-o', temporary]);
  renameSync(temporary, addon);
  writeFileSync(stamp, hash);
}

/** Builds the C++ test once per instruction set and runs those that this processor can run. */
async function runTests() {
  const convFiles = kernelFiles.filter((name) => name.startsWith('conv-'));
  const programs = Object.entries(sets).map(([set, extra]) => ({
    set,
    extra,
    program: join(outFolder, `conv-test-${set}`),
  }));
  const hash = sourcesHash(compiler);
  const stamp = join(outFolder, 'conv-test.sha256');
  const isBuilt = existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
  if (!isBuilt) {
    const args = [...convFiles, 'thread-pool.cpp', 'test/conv-test.cpp'];
    await runAll(
      programs.map(
        ({ extra, program }) =>
          () =>
            compile(compiler, [...flags, ...extra, '-pthread', ...args, '-o', program]),
      ),
    );
    writeFileSync(stamp, hash);
  }
  for (const { set, program } of programs) {
    const { status, signal, stdout } = spawnSync(program, { encoding: 'utf8' });
    // A processor without the instruction set ends the program at its first such instruction.
    if (signal === 'SIGILL') process.stdout.write(`${set}: not available on this processor\n`);
    else process.stdout.write(`${set}: ${stdout}`);
    if (status !== 0 && signal !== 'SIGILL') process.exit(1);
  }
}

mkdirSync(outFolder, { recursive: true });
if (process.argv.includes('--test')) await runTests();
else await buildAddon();
