/** @file Bodies that are bytes, over real HTTP on a real project: voxels, corrections, files of an import, pictures, exports. */
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paths } from '../../../src/contract/contract.ts';
import type { VolumeId } from '../../../src/contract/ids.ts';
import { writeVolume } from '../../../src/imaging/node/save.ts';
import { dims, smallVolume } from '../make-project.ts';
import { type Serving, startServing } from './serving.ts';

const image = 'subjects/a/images/T1.nii.gz' as VolumeId;
const voxelCount = dims[0] * dims[1] * dims[2];

let serving: Serving;
let folder: string;

beforeAll(async () => {
  serving = await startServing();
  const parent = join(serving.folder, 'projects');
  ({ folder } = await serving.client.projects.create({ name: 'Study', parent }));
  await serving.client.projects.close();
  await writeVolume(join(folder, image), smallVolume({ timePoints: 2 }));
  await writeFile(join(folder, 'exports/Bericht für Müller (1).html'), '<script>alert(1)</script>');
  await serving.client.projects.open({ folder });
});

afterAll(() => serving.close());

function at(path: string, query: Record<string, string>): string {
  return `${path}?${new URLSearchParams(query)}`;
}

async function refused(path: string, query: Record<string, string>): Promise<[number, string | undefined]> {
  const { status, json } = await serving.ask(at(path, query));
  return [status, json().code];
}

describe('voxels', () => {
  it('come as they are stored, one time point, of known length', async () => {
    const { headers, body } = await serving.ask(at(paths.voxels, { id: image, t: '1' }));
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': String(2 * voxelCount),
    });
    const expected = Int16Array.from({ length: voxelCount }, (_, i) => voxelCount + i);
    expect(new Int16Array(body.buffer, body.byteOffset, voxelCount)).toEqual(expected);
  });

  it('of the first time point, when none is named', async () => {
    const { body } = await serving.ask(at(paths.voxels, { id: image }));
    expect([body.readInt16LE(0), body.readInt16LE(2)]).toEqual([0, 1]);
  });

  it.each([
    '../../home/home.json',
    '/etc/passwd',
    'project.json',
    'subjects/a/../a/images/T1.nii.gz',
    'x\0y',
  ])('are only those of a volume of the project: %s is none', async (id) =>
    expect(await refused(paths.voxels, { id })).toEqual([422, 'VOLUME_UNKNOWN']));

  it('are asked for by an id and a whole number', async () => {
    const malformed = [400, 'CALL_MALFORMED'];
    expect(await refused(paths.voxels, {})).toEqual(malformed);
    expect(await refused(paths.voxels, { id: 'x'.repeat(1025) })).toEqual(malformed);
    for (const t of ['-1', '1.5', '1e3', 'x', ''])
      expect(await refused(paths.voxels, { id: image, t })).toEqual(malformed);
    expect((await refused(paths.voxels, { id: image, t: '2' }))[0]).toBe(422);
  });
});

describe('a correction', () => {
  const put = (query: Record<string, string>, body: Uint8Array, type = 'application/x-uint8') =>
    serving.ask(at(paths.label, query), { method: 'PUT', headers: { 'content-type': type }, body });

  it('becomes the label map of its rater', async () => {
    const voxels = Uint16Array.from({ length: voxelCount }, (_, i) => (i === 7 ? 300 : 0));
    const answer = await put({ image, rater: 'anna' }, new Uint8Array(voxels.buffer), 'application/x-uint16');
    expect([answer.status, answer.json().text]).toEqual([200, 'Drew the label map of a by anna']);
    const label = (await serving.client.library.list()).subjects[0]!.images[0]!.labels[0]!;
    expect(label).toMatchObject({ rater: 'anna', image });
    const { body } = await serving.ask(at(paths.voxels, { id: label.id }));
    expect(new Uint16Array(body.buffer, body.byteOffset, voxelCount)).toEqual(voxels);
  });

  it.each([
    0,
    voxelCount - 1,
    voxelCount + 1,
    2 * voxelCount,
  ])('of %i bytes is refused', async (sizeBytes) => {
    const { status, json } = await put({ image, rater: 'ben' }, new Uint8Array(sizeBytes));
    expect([status, json().code]).toEqual([422, 'CALL_BODY_SIZE']);
  });

  it('of no known type, of nobody, or of no image is refused', async () => {
    const body = new Uint8Array(voxelCount);
    const codes = [
      (await put({ image, rater: 'ben' }, body, 'application/json')).json().code,
      (await put({ image }, body)).json().code,
      (await put({ image, rater: '../x' }, body)).json().code,
      (await put({ image: 'subjects/x/images/T1.nii.gz', rater: 'ben' }, body)).json().code,
    ];
    expect(codes).toEqual([
      'CALL_MALFORMED',
      'CALL_MALFORMED',
      expect.stringMatching(/NAME/),
      'VOLUME_UNKNOWN',
    ]);
  });

  it('that stops half-way changes nothing', async () => {
    const { revision } = await serving.client.library.list();
    await halfBody(at(paths.label, { image, rater: 'carl' }), voxelCount);
    expect((await serving.client.library.list()).revision).toBe(revision);
  });
});

/** Sends the first half of a body of `sizeBytes` and hangs up. */
function halfBody(path: string, sizeBytes: number): Promise<void> {
  const headers = {
    origin: serving.origin,
    cookie: serving.cookie,
    'content-type': 'application/x-uint8',
    'content-length': sizeBytes,
  };
  return new Promise((resolve) => {
    const outgoing = request(`${serving.origin}${path}`, { method: 'PUT', headers, agent: false });
    outgoing.on('error', () => undefined);
    outgoing.on('close', () => resolve());
    outgoing.write(new Uint8Array(sizeBytes >> 1), () => outgoing.destroy());
  });
}

describe('a file of an import', () => {
  const put = (query: Record<string, string>, body: Uint8Array) =>
    serving.ask(at(paths.importFile, query), { method: 'PUT', body });

  it('arrives, and one of the same name is refused in words', async () => {
    const { id } = await serving.client.imports.begin();
    expect((await put({ id, path: 'some/notes.txt' }, Buffer.from('notes'))).status).toBe(204);
    // Larger than what fits between two sockets, so the refusal comes while it is being sent.
    const again = await put({ id, path: 'some/notes.txt' }, Buffer.alloc(8e6));
    expect([again.status, again.json().code]).toEqual([422, 'IMPORT_PATH']);
    const { refused: files } = await serving.client.imports.inspect({ id });
    expect(files.map(({ path }) => path)).toEqual(['some/notes.txt']);
    await serving.client.imports.discard({ id });
  });

  it.each(['../x', '/x', 'a/../../x', 'a\0b', ''])('of the path "%s" is refused', async (path) => {
    const { id } = await serving.client.imports.begin();
    const { status, json } = await put({ id, path }, Buffer.from('x'));
    expect([400, 422]).toContain(status);
    expect(json().code).toMatch(/IMPORT_PATH|CALL_MALFORMED/);
    await serving.client.imports.discard({ id });
  });

  it('of no import is refused', async () => {
    const { status, json } = await put({ id: 'none', path: 'x' }, Buffer.alloc(8e6));
    expect([status, json().code]).toEqual([422, expect.stringMatching(/^IMPORT_/)]);
  });

  it('that stops half-way leaves the import as it was', async () => {
    const { id } = await serving.client.imports.begin();
    await halfBody(at(paths.importFile, { id, path: 'half.nii' }), 4e6);
    const { items, refused: files } = await serving.client.imports.inspect({ id });
    expect([items, files]).toEqual([[], []]);
    await serving.client.imports.discard({ id });
  });
});

describe('an exported file', () => {
  it('is saved under its name, never shown as a page of ours', async () => {
    const { status, headers, body } = await serving.ask(
      at(paths.exportFile, { path: 'Bericht für Müller (1).html' }),
    );
    expect([status, body.toString()]).toEqual([200, '<script>alert(1)</script>']);
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': "attachment; filename*=UTF-8''Bericht%20f%C3%BCr%20M%C3%BCller%20%281%29.html",
      'x-content-type-options': 'nosniff',
    });
  });

  it.each([
    '../project.json',
    '../../../secret.txt',
    '/etc/passwd',
    'none.csv',
    '.',
    'a\\..\\..\\x',
  ])('%s is none', async (path) =>
    expect(await refused(paths.exportFile, { path })).toEqual([422, 'EXPORT_UNKNOWN']));
});

it('pictures of runs that are not there are refused in words', async () => {
  expect(await refused(paths.runPicture, { run: 'x', epoch: '1' })).toEqual([422, 'RUN_UNKNOWN']);
  expect(await refused(paths.runPicture, { run: '../x', epoch: '1' })).toEqual([422, 'RUN_UNKNOWN']);
  expect(await refused(paths.runPicture, { run: 'x' })).toEqual([400, 'CALL_MALFORMED']);
});

it('none of them is there while no project is open', async () => {
  const bare = await startServing();
  const { status, json } = await bare.ask(at(paths.voxels, { id: image }));
  expect([status, json().code]).toEqual([422, 'PROJECT_NONE']);
  await bare.close();
});
