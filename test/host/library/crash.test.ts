/** @file A process that is killed in the middle of a change: the project opens with the change whole, and undo takes it back. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProject } from '../../../src/host/project/project-folder.ts';
import { writeVolume } from '../../../src/imaging/node/save.ts';
import { filesIn, reopen, smallVolume, temporaryFolder } from '../make-project.ts';

const imageCount = 150;
let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
let folder: string;
beforeEach(async () => {
  temporary = await temporaryFolder();
  folder = join(temporary.folder, 'Study');
  await (await createProject({ folder, name: 'Study' })).close();
  const images = join(folder, 'subjects/a/images');
  await mkdir(images, { recursive: true });
  await writeVolume(join(images, '0.nii'), smallVolume());
  for (let i = 1; i < imageCount; i++) await copyFile(join(images, '0.nii'), join(images, `${i}.nii`));
});
afterEach(() => temporary.remove());

const countIn = (path: string) => (existsSync(path) ? readdir(path).then((names) => names.length) : 0);

/** Starts removing all images elsewhere and kills that process once `share` of them are gone. */
async function killWhileRemoving(share: number): Promise<void> {
  const child = fork(join(import.meta.dirname, 'remove-all.ts'), [folder]);
  const exit = once(child, 'exit');
  const isDone = async () => (await countIn(join(folder, 'subjects/a/images'))) <= imageCount * (1 - share);
  while (!(await isDone()) && child.exitCode === null) await nextTurn();
  child.kill('SIGKILL');
  await exit;
}

describe('a project whose process was killed', () => {
  it.each([
    0.01, 0.5,
  ])('after %d of a removal opens with the removal done, and undo brings all back', async (share) => {
    await killWhileRemoving(share);
    const left = await countIn(join(folder, 'subjects/a/images'));
    expect(left).toBeGreaterThan(0);
    const { library, close } = await reopen(folder);
    expect((await library.list()).subjects).toEqual([]);
    expect(await filesIn(join(folder, 'trash'))).toHaveLength(imageCount);
    await library.undo();
    expect((await library.list()).subjects[0]?.images).toHaveLength(imageCount);
    await close();
  });

  it('before the first step of a replacement, or between its steps, ends with the new file in place', async () => {
    const journal = join(folder, '.sagitta/changes.ndjson');
    const steps = [
      { kind: 'move', from: 'subjects/a/images/0.nii', to: 'trash/change-1/old/0.nii' },
      { kind: 'move', from: 'trash/change-1/new/0.nii', to: 'subjects/a/images/0.nii' },
    ];
    const intent = JSON.stringify({ type: 'do', id: 'change-1', at: '', text: 'Replaced', steps });
    await mkdir(join(folder, 'trash/change-1/old'), { recursive: true });
    await mkdir(join(folder, 'trash/change-1/new'));
    const old = await readFile(join(folder, 'subjects/a/images/0.nii'));
    await writeVolume(join(folder, 'trash/change-1/new/0.nii'), smallVolume({ dims: [2, 2, 2] }));
    await writeFile(journal, `${intent}\n`);
    const first = await reopen(folder);
    const dimsOf0 = async (open: typeof first) => (await open.library.list()).subjects[0]?.images[0]?.dims;
    expect(await dimsOf0(first)).toEqual([2, 2, 2]);
    await first.library.undo();
    expect(await readFile(join(folder, 'subjects/a/images/0.nii'))).toEqual(old);
    await first.close();

    // Between the steps: the old file is gone, the new one not there yet.
    await mkdir(join(folder, 'trash/change-1/old'), { recursive: true });
    await copyFile(join(folder, 'subjects/a/images/0.nii'), join(folder, 'trash/change-1/old/0.nii'));
    await rm(join(folder, 'subjects/a/images/0.nii'));
    await writeFile(journal, `${intent}\n`);
    const second = await reopen(folder);
    expect(await dimsOf0(second)).toEqual([2, 2, 2]);
    await second.close();

    // After the last step, before its end was written down.
    await writeFile(journal, `${intent}\n`);
    const third = await reopen(folder);
    expect(await dimsOf0(third)).toEqual([2, 2, 2]);
    expect(await readFile(join(folder, 'trash/change-1/old/0.nii'))).toEqual(old);
    await third.close();
  });
});
