/** @file Files that are opened with Sagitta from outside find their way to a page. */
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OpenFiles, pathsFromArguments, sortOpened } from '../../src/main/open-files.ts';

const isFolder = (path: string) => path.startsWith('/folders/');

describe('the arguments of a program', () => {
  it('are paths where they are no options, made absolute from where it was started', () => {
    const argv = ['/opt/sagitta', '--no-sandbox', 'a.nii.gz', '/data/b.dcm', 'sagitta://app/', '-v', ''];
    expect(pathsFromArguments(argv, { workingFolder: '/home/x', isPackaged: true })).toEqual([
      resolve('/home/x/a.nii.gz'),
      '/data/b.dcm',
    ]);
  });

  it('hold the folder of the app in a checkout, wherever options stand', () => {
    const argv = ['/node_modules/electron', '--inspect', '.', '--x', 'a.nii'];
    expect(pathsFromArguments(argv, { workingFolder: '/w', isPackaged: false })).toEqual([
      resolve('/w/a.nii'),
    ]);
  });
});

describe('what was opened', () => {
  it.each([
    [['/data/a.nii', '/data/b'], { files: ['/data/a.nii', '/data/b'] }],
    [['/study/project.sagitta'], { project: '/study', files: [] }],
    [['/folders/brain.SAGITTA'], { project: '/folders/brain.SAGITTA', files: [] }],
    [['/a/a.sagitta', '/x.nii', '/b/b.sagitta'], { project: '/b', files: ['/x.nii'] }],
  ])('%j is told apart', (paths, expected) => {
    expect(sortOpened(paths, isFolder)).toEqual(expected);
  });

  function makeReceiver() {
    const got: unknown[] = [];
    return {
      got,
      command: (command: unknown) => got.push(command),
      openFiles: (paths: string[]) => got.push(paths),
    };
  }

  it('waits for a page, in one piece, the project first', () => {
    const openFiles = new OpenFiles(isFolder);
    openFiles.add(['/a.nii', '/b.nii']);
    openFiles.add(['/a.nii', '/study/project.sagitta']);
    const receiver = makeReceiver();
    openFiles.attach(receiver);
    expect(receiver.got).toEqual([{ name: 'project.open', folder: '/study' }, ['/a.nii', '/b.nii']]);
  });

  it('goes straight to the page that is there, and to each page once', () => {
    const openFiles = new OpenFiles(isFolder);
    const first = makeReceiver();
    openFiles.attach(first);
    openFiles.add(['/a.nii']);
    openFiles.attach(undefined);
    openFiles.add(['/b.nii']);
    const second = makeReceiver();
    openFiles.attach(second);
    expect([first.got, second.got]).toEqual([[['/a.nii']], [['/b.nii']]]);
  });

  it('can be opened again later', () => {
    const openFiles = new OpenFiles(isFolder);
    const receiver = makeReceiver();
    openFiles.attach(receiver);
    openFiles.add(['/a.nii']);
    openFiles.add(['/a.nii']);
    expect(receiver.got).toEqual([['/a.nii'], ['/a.nii']]);
  });
});
