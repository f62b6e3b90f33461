/** @file The host as a whole, without a server: one project at a time, what is kept for the person, folders to choose from. */
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openHost } from '../../src/host/host.ts';
import type { Services } from '../../src/host/services.ts';
import { codeOf, temporaryFolder } from './make-project.ts';

let folder: string;
let remove: () => Promise<void>;
let host: Services;

const open = () => openHost({ home: join(folder, 'home') });

beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
  host = await open();
});

afterEach(async () => {
  await host.close();
  await remove();
});

describe('projects', () => {
  it('are open one at a time; the one before is given back', async () => {
    const one = await host.create({ name: 'One', parent: folder });
    const two = await host.create({ name: 'Two', parent: folder });
    expect((await host.info()).project).toEqual(two);
    const other = await open();
    expect((await other.open(one.folder)).id).toBe(one.id);
    expect(await codeOf(other.open(two.folder))).toBe('PROJECT_IN_USE');
    await other.close();
  });

  it('stay open when another cannot be opened', async () => {
    const one = await host.create({ name: 'One', parent: folder });
    expect(await codeOf(host.open(join(folder, 'none')))).toBe('PROJECT_MISSING');
    expect(await codeOf(host.create({ name: 'One', parent: folder }))).toBe('PROJECT_EXISTS');
    expect((await host.info()).project).toEqual(one);
  });

  it('are the same when opened again', async () => {
    const one = await host.create({ name: 'One', parent: folder });
    const services = host.current();
    expect(await host.open(`${one.folder}/`)).toEqual(one);
    expect(host.current()).toBe(services);
  });

  it('are none after closing', async () => {
    expect(() => host.current()).toThrow(expect.objectContaining({ code: 'PROJECT_NONE' }) as Error);
    await host.create({ name: 'One', parent: folder });
    await host.close();
    expect(() => host.current()).toThrow(expect.objectContaining({ code: 'PROJECT_NONE' }) as Error);
  });

  it('asked for at once are opened one after the other', async () => {
    const names = ['One', 'Two', 'Three'];
    const made = await Promise.all(names.map((name) => host.create({ name, parent: folder })));
    expect((await host.info()).project).toEqual(made[2]);
    expect((await host.recent()).map(({ name }) => name)).toEqual(['Three', 'Two', 'One']);
  });
});

describe('recent projects', () => {
  it('are known at the next start, newest first, also when they are gone', async () => {
    const one = await host.create({ name: 'One', parent: folder });
    await host.create({ name: 'Two', parent: folder });
    await host.open(one.folder);
    await host.close();
    await writeFile(join(folder, 'home/home.json'), (await homeText()).replaceAll('Two', 'Gone'));
    const next = await open();
    expect((await next.recent()).map(({ name, exists }) => [name, exists])).toEqual([
      ['One', true],
      ['Gone', false],
    ]);
    await next.forget(one.folder);
    expect((await next.recent()).map(({ name }) => name)).toEqual(['Gone']);
  });
});

const homeText = () => readFile(join(folder, 'home/home.json'), 'utf8');

describe('preferences', () => {
  it('are kept', async () => {
    await host.setPreferences({ device: 'cpu', rater: 'anna' });
    expect(await (await open()).preferences()).toEqual({ device: 'cpu', rater: 'anna' });
  });

  it.each([
    '',
    '{"version":1',
    '[]',
    '{"version":2}',
  ])('that cannot be read (%s) are set aside, and it is told', async (text) => {
    const file = join(folder, 'home/home.json');
    await writeFile(file, text);
    const told: string[] = [];
    const next = await openHost({ home: join(folder, 'home'), onHomeSetAside: (place) => told.push(place) });
    expect(told).toEqual([`${file}.unreadable`]);
    expect(await readFile(told[0]!, 'utf8')).toBe(text);
    expect(await next.preferences()).toEqual(await host.preferences());
    await next.setPreferences({ device: 'cpu', rater: 'ben' });
    expect(await (await open()).preferences()).toMatchObject({ rater: 'ben' });
  });
});

describe('folders to choose from', () => {
  it('are folders only, with which are projects', async () => {
    await host.create({ name: 'Study', parent: folder });
    await mkdir(join(folder, 'plain'));
    await mkdir(join(folder, '.hidden'));
    await writeFile(join(folder, 'file.txt'), '');
    await symlink(join(folder, 'plain'), join(folder, 'link'));
    await symlink(join(folder, 'nowhere'), join(folder, 'broken'));
    const { folders, parent } = await host.browse(folder);
    expect(parent).toBe(join(folder, '..'));
    expect(folders.map(({ name, isProject }) => [name, isProject])).toEqual([
      ['home', false],
      ['link', false],
      ['plain', false],
      ['Study', true],
    ]);
  });

  it('have an end upwards, and are missed in words', async () => {
    expect((await host.browse('/')).parent).toBe(null);
    expect(await codeOf(host.browse(join(folder, 'none')))).toBe('FILE_MISSING');
  });
});

describe('plugins', () => {
  it('are turned off and on, and stay so', async () => {
    const { plugins } = await host.plugins();
    const { id } = plugins[0]!.manifest;
    const isEnabled = async (services: Services) =>
      (await services.plugins()).plugins.find(({ manifest }) => manifest.id === id)!.isEnabled;
    await host.setPluginEnabled(id, false);
    expect(await isEnabled(await open())).toBe(false);
    await host.setPluginEnabled(id, true);
    expect(await isEnabled(host)).toBe(true);
    expect(await codeOf(host.setPluginEnabled('none', true))).toBe('PLUGIN_UNKNOWN');
  });
});
