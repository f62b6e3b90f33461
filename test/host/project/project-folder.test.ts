/** @file The project folder: made, opened, locked, refused. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProject, openProject } from '../../../src/host/project/project-folder.ts';
import { codeOf, filesIn, temporaryFolder } from '../make-project.ts';

let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
let folder: string;
beforeEach(async () => {
  temporary = await temporaryFolder();
  folder = join(temporary.folder, 'Study');
});
afterEach(() => temporary.remove());

/** Opens the project in another process and resolves when it has it. */
async function holdElsewhere(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'hold-project.ts'), [folder]);
  await once(child, 'message');
  return child;
}

describe('a project', () => {
  it('is the same after it was closed, moved and opened again', async () => {
    const made = await createProject({ folder, name: 'Study' });
    await made.rename('Vessels 2026');
    await made.setLabelNames({ 1: 'vessel' });
    await made.close();
    const moved = join(temporary.folder, 'elsewhere');
    await rename(folder, moved);
    const opened = await openProject(moved);
    expect(opened).toMatchObject({
      id: made.id,
      createdAt: made.createdAt,
      name: 'Vessels 2026',
      folder: moved,
      labelNames: { 1: 'vessel' },
    });
    await opened.close();
  });

  it('holds no absolute path and leaves no lock behind', async () => {
    await (await createProject({ folder, name: 'Study' })).close();
    expect(await filesIn(folder)).toEqual(['project.json']);
    expect(await readFile(join(folder, 'project.json'), 'utf8')).not.toContain(temporary.folder);
  });

  it('is not made where something lies already', async () => {
    await (await createProject({ folder, name: 'Study' })).close();
    expect(await codeOf(createProject({ folder, name: 'Study' }))).toBe('PROJECT_EXISTS');
    const file = join(temporary.folder, 'file');
    await writeFile(file, '');
    expect(await codeOf(createProject({ folder: file, name: 'Study' }))).toBe('PROJECT_EXISTS');
  });

  it('that is none is refused and left as it is', async () => {
    await mkdir(folder);
    expect(await codeOf(openProject(folder))).toBe('PROJECT_MISSING');
    expect(await filesIn(folder)).toEqual([]);
    expect(await codeOf(openProject(join(folder, 'nowhere')))).toBe('PROJECT_MISSING');
  });

  const valid = {
    format: 'sagitta-project',
    version: 1,
    id: '0b9e6f7e-9d7f-4a53-9d6e-0a6c0a7f5b11',
    name: 'Study',
    createdAt: '2026-01-01T00:00:00.000Z',
    labelNames: {},
  };
  it.each([
    ['{"format":', 'PROJECT_INVALID', 'project.json'],
    [{ ...valid, format: 'other' }, 'PROJECT_INVALID', 'format'],
    [{ ...valid, id: 7 }, 'PROJECT_INVALID', 'id'],
    [{ ...valid, version: 2 }, 'PROJECT_TOO_NEW', 'version'],
    [[], 'PROJECT_INVALID', 'project.json'],
  ])('described by %j is refused with %s', async (record, code, field) => {
    await mkdir(folder);
    const text = typeof record === 'string' ? record : JSON.stringify(record);
    await writeFile(join(folder, 'project.json'), text);
    await expect(openProject(folder)).rejects.toMatchObject({ code, field });
    expect(await filesIn(folder)).toEqual(['project.json']);
  });

  it('is open in one process at a time; a killed one does not keep it', async () => {
    await (await createProject({ folder, name: 'Study' })).close();
    const child = await holdElsewhere();
    await expect(openProject(folder)).rejects.toMatchObject({
      code: 'PROJECT_IN_USE',
      what: expect.stringContaining(String(child.pid)),
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const taken = await openProject(folder);
    expect(await codeOf(openProject(folder))).toBe('PROJECT_IN_USE');
    await taken.close();
  });

  it('with a lock of this very process id, left from before a restart, is taken over', async () => {
    await (await createProject({ folder, name: 'Study' })).close();
    await writeFile(join(folder, '.sagitta/lock'), String(process.pid));
    await (await openProject(folder)).close();
  });
});
