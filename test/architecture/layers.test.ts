/** @file The walls of the house: the table in src/README.md against the folders on disk and every import. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSources, root, type SourceFile } from './source-files.ts';

const sources = readSources('src').filter(({ path }) => !path.endsWith('vite.config.ts'));

/** Rows of the table in src/README.md: folder → folders it may import. */
function layerTable(): Map<string, readonly string[]> {
  const rows = readFileSync(join(root, 'src/README.md'), 'utf8').matchAll(
    /^\| `([^`]+)` \|[^|]*\| ([^|]*) \|$/gm,
  );
  return new Map(
    [...rows].map(([, folder, allowed]) => [folder!, allowed === '–' ? [] : allowed!.split(', ')]),
  );
}

const layers = layerTable();

/** The deepest folder of the table that holds the path. */
function layerOf(path: string): string {
  const parts = path.split('/').slice(1, -1);
  const deepest = parts.slice(0, 2).join('/');
  return layers.has(deepest) ? deepest : parts[0]!;
}

function importProblems(file: SourceFile, check: (target: string) => string | undefined): string[] {
  return file.imports.flatMap(({ target, line }) => {
    const problem = target?.startsWith('src/') ? check(target) : undefined;
    return problem === undefined ? [] : [`${file.path}:${line}: ${problem}`];
  });
}

describe('the folders of src', () => {
  it('are exactly those that src/README.md lists', () => {
    const onDisk = readdirSync(join(root, 'src'), { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && sources.some(({ path }) => path.startsWith(`src/${entry.name}/`)),
    );
    const listed = new Set([...layers.keys()].map((folder) => folder.split('/')[0]!));
    expect(onDisk.map((entry) => entry.name).sort()).toEqual([...listed].sort());
  });

  it('import only downwards', () => {
    const problems = sources.flatMap((file) => {
      const from = layerOf(file.path);
      return importProblems(file, (target) => {
        const to = layerOf(target);
        if (to === from || layers.get(from)?.includes(to)) return undefined;
        return `${from} may not import ${to}; ${from} may import: ${layers.get(from)?.join(', ')}`;
      });
    });
    expect(problems).toEqual([]);
  });

  it('allow no cycle in the table itself', () => {
    const visiting = new Set<string>();
    const visit = (folder: string, way: readonly string[]): string[] => {
      if (way.includes(folder)) return [[...way, folder].join(' → ')];
      if (visiting.has(folder)) return [];
      visiting.add(folder);
      return (layers.get(folder) ?? []).flatMap((next) => visit(next, [...way, folder]));
    };
    expect([...layers.keys()].flatMap((folder) => visit(folder, []))).toEqual([]);
  });

  it('show others their top files only', () => {
    const vocabularies = /^src\/(imaging\/geometry|engine\/graph)\/|\/node\//;
    // An executor is chosen by name in one place, and the engine's rooms have one face each.
    const faces = new Set(['src/engine/executors/cpu/executor.ts', 'src/engine/optim/step.ts']);
    const problems = sources.flatMap((file) =>
      importProblems(file, (target) => {
        const [, folder, ...rest] = target.split('/');
        if (file.path.split('/')[1] === folder || rest.length === 1) return undefined;
        if (vocabularies.test(target) || faces.has(target) || folder === 'host') return undefined;
        return `${target} is a room of ${folder}; import a top file of ${folder} instead`;
      }),
    );
    expect(problems).toEqual([]);
  });

  it('name their environment in their path', () => {
    const mayUseNode =
      /\/node\/|^src\/(worker|host|cli|sandbox|main|preload)\/|^src\/engine\/executors\/cpu\//;
    const nodeOnly =
      /\b(process\.(env|argv|exit|hrtime|cwd)|Math\.random|Date\.now|performance\.now|new Date\(\)|require\()/;
    const problems = sources
      .filter(({ path }) => !mayUseNode.test(path))
      .flatMap(({ path, text, imports }) => [
        ...imports
          .filter(({ specifier }) => specifier.startsWith('node:'))
          .map(({ specifier, line }) => `${path}:${line}: imports ${specifier}`),
        ...text.split('\n').flatMap((line, i) =>
          // A page has clocks of its own.
          !path.startsWith('src/renderer/') && nodeOnly.test(line.replace(/\/\/.*|^\s*\*.*/, ''))
            ? [`${path}:${i + 1}: ${line.trim()}`]
            : [],
        ),
      ]);
    expect(problems).toEqual([]);
  });
});

describe('a dependency', () => {
  /** Rule D: which folder is the one door of each package. */
  const doors: Readonly<Record<string, RegExp>> = {
    'nifti-reader-js': /^src\/imaging\/nifti\//,
    'fast-png': /^src\/imaging\/png\.ts$/,
    'quickjs-emscripten-core': /^src\/sandbox\//,
    '@jitl/quickjs-wasmfile-release-sync': /^src\/sandbox\//,
    zod: /^src\/(recipe|contract|dataset|run|host)\//,
    '@orpc/contract': /^src\/(contract|renderer\/client)\//,
    '@orpc/server': /^src\/host\/api\//,
    '@orpc/client': /^src\/(renderer\/client|main)\//,
    '@cornerstonejs/core': /^src\/renderer\/viewer\//,
    '@kitware/vtk.js': /^src\/renderer\/viewer\//,
    fflate: /^src\/(imaging|dataset|host\/imports|renderer\/features\/data)\//,
    meshoptimizer: /^src\/export\/mesh\.ts$/,
    'dicom-parser': /^src\/imaging\/dicom\//,
    'jpeg-lossless-decoder-js': /^src\/imaging\/dicom\/node\//,
    svelte: /^src\/renderer\//,
    uplot: /^src\/renderer\/widgets\//,
    electron: /^src\/(main|preload)\//,
  };

  it('has one door', () => {
    const problems = sources.flatMap(({ path, imports }) =>
      imports.flatMap(({ specifier, target, line }) => {
        if (target !== undefined || specifier.startsWith('node:')) return [];
        const name = specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/');
        return doors[name]?.test(path)
          ? []
          : [`${path}:${line}: ${name} may enter at ${doors[name] ?? 'no door: add one to this test'}`];
      }),
    );
    expect(problems).toEqual([]);
  });
});

describe('plugins', () => {
  it('import the SDK by its package name and nothing else', () => {
    const problems = readSources('plugins').flatMap(({ path, imports }) =>
      imports.flatMap(({ specifier, target, line }) => {
        const own = path.split('/').slice(0, 2).join('/');
        return specifier === '@sagitta/sdk' || target?.startsWith(`${own}/`)
          ? []
          : [`${path}:${line}: imports ${specifier}`];
      }),
    );
    expect(problems).toEqual([]);
  });
});

describe('every source file', () => {
  it('begins by saying what it is', () => {
    const files = [...sources, ...readSources('plugins')];
    // A component says it within its first script.
    const begins = /^(#!.*\n)?(<script[^>]*>\s*)?\/\*\*\s*(\n\s*\* )?@file /;
    const late = /<script[^>]*>(\s*import [^;]*;)*\s*\/\*\*\s*(\n\s*\* )?@file /;
    const isSilent = ({ path, text }: SourceFile) =>
      !begins.test(text) && !(path.endsWith('.svelte') && late.test(text));
    expect(files.filter(isSilent).map(({ path }) => path)).toEqual([]);
  });

  it('holds no TODO and no swallowed error', () => {
    const problems = sources.flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, i) =>
          /\b(TODO|FIXME|XXX)\b|catch\s*(\([^)]*\))?\s*\{\s*\}/.test(line)
            ? [`${path}:${i + 1}: ${line.trim()}`]
            : [],
        ),
    );
    expect(problems).toEqual([]);
  });
});
