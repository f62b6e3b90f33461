/**
 * @file Gathers what a package carries beside the shell, in build/out/package/host: the sources that Node runs as they are, plugins,
 * compiled kernels, the built page and the dependencies of use (none of development). The layout is a checkout's own, so everything
 * finds everything as it does there. `node build/stage.mjs [RENDERER]`, after the build; RENDERER is the built page's folder.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Folders of src that only the shell's own bundles and the page need. */
const notOfTheHost = ['main', 'preload', 'renderer'];

/** Of dependencies: what only their authors and a type checker read. Node runs no TypeScript below node_modules. */
const unread = /\.(map|[cm]?ts|tsbuildinfo)$/;

function fail(message) {
  throw new Error(message);
}

/** Where a package lies that `from` asks for, as Node looks for it. */
function findPackage(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Folders of all packages of use, relative to the checkout: those of package.json and whatever they depend on. */
export function productionPackages() {
  const found = new Set();
  const visit = (folder) => {
    // Optional ones are left out: today they are their authors' tools, and nothing here asks for one.
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    for (const name of Object.keys(dependencies)) {
      const place = findPackage(name, folder) ?? fail(`${name} is not installed; run npm ci.`);
      const path = relative(root, realpathSync(place));
      if (found.has(path)) continue;
      found.add(path);
      visit(place);
    }
  };
  visit(root);
  return [...found].sort();
}

function copy(from, to, keep = () => true) {
  if (!existsSync(from))
    fail(`${relative(root, from)} is missing; run npm run build:app and node build/native.mjs first.`);
  cpSync(from, to, { recursive: true, dereference: true, filter: keep });
}

/** Makes `out` anew, with the page built in `renderer`. Throws when something has not been built or installed yet. */
export function stageHost({ out, renderer }) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(join(out, 'build/out'), { recursive: true });
  copy(join(root, 'src'), join(out, 'src'), (path) => {
    const [folder] = relative(join(root, 'src'), path).split(sep);
    return !notOfTheHost.includes(folder);
  });
  for (const folder of ['plugins', 'docs', 'LICENSE']) copy(join(root, folder), join(out, folder));
  // Made for pictures and the like; a checkout without any has no such folder.
  if (existsSync(join(root, 'resources'))) copy(join(root, 'resources'), join(out, 'resources'));
  copy(renderer, join(out, 'build/out/renderer'));
  const addons = readdirSync(join(root, 'build/out')).filter((name) => name.endsWith('.node'));
  if (addons.length === 0) fail('The native kernels are not compiled; run node build/native.mjs first.');
  for (const name of addons) copy(join(root, 'build/out', name), join(out, 'build/out', name));
  for (const path of productionPackages()) {
    // A package's own node_modules come by themselves where they are of use.
    const own = join(root, path);
    copy(own, join(out, path), (file) => {
      const inside = relative(own, file);
      return !inside.split(sep).includes('node_modules') && !unread.test(inside);
    });
  }
  const { name, version, license, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(
    join(out, 'package.json'),
    `${JSON.stringify({ name, version, license, type, private: true }, null, 2)}\n`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  stageHost({
    out: join(root, 'build/out/package/host'),
    renderer: process.argv[2] ?? join(root, 'build/out/renderer'),
  });
