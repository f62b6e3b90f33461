/** @file Plain Node can strip the types of every source, and what the README tells people to type exists. */
import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { repository } from './helpers.ts';

const run = promisify(execFile);

/** Entries of processes and threads, whose import would start their work, and what lives in a page or in Electron: only their types are stripped. */
const entries =
  /^src\/((cli\/main|worker\/main|worker\/bench\/ours|sampling\/node\/batch-worker)\.ts$|(renderer|main|preload)\/)/;

it('every source file runs on plain Node', async () => {
  const files = globSync('src/**/*.ts', { cwd: repository }).map((file) => file.replaceAll('\\', '/'));
  expect(files.length).toBeGreaterThan(100);
  const script = `
    import { readFileSync } from 'node:fs';
    import { stripTypeScriptTypes } from 'node:module';
    const failed = [];
    const open = async (file) => ${entries}.test(file) ? stripTypeScriptTypes(readFileSync(file, 'utf8')) : import('./' + file);
    for (const file of ${JSON.stringify(files)})
      await open(file).catch((error) => failed.push(file + ': ' + error.message));
    console.log(JSON.stringify(failed));`;
  const args = ['--input-type=module', '--eval', script];
  const { stdout } = await run(process.execPath, args, { cwd: repository });
  expect(JSON.parse(stdout)).toEqual([]);
}, 60_000);

it.skipIf(!existsSync(join(repository, 'README.md')))(
  'the commands in the README are in package.json',
  () => {
    const readme = readFileSync(join(repository, 'README.md'), 'utf8');
    const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readme.matchAll(/npm (?:run )?([a-z][a-z:-]*)/g)].map((match) => match[1]!);
    const npmsOwn = ['install', 'ci', 'test', 'start'];
    const missing = named.filter((name) => !(name in scripts) && !npmsOwn.slice(0, 2).includes(name));
    expect(missing).toEqual([]);
  },
);
