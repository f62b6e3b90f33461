/** @file Imports of a project: files arrive or are named, are understood, and are taken or discarded. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorReport, UserError } from '../../base/errors.ts';
import { makeSerial, type Serial } from '../../base/serial.ts';
import type { ImportId } from '../../contract/ids.ts';
import type { ImportProposal } from '../../contract/imports.ts';
import type { ProjectLibrary } from '../library/library.ts';
import { type ProjectFolder, projectPaths } from '../project/project-folder.ts';
import type { ImportService } from '../services.ts';
import { importPath, importTooLarge, importUnknown } from './errors.ts';
import { isJunk, safePath } from './incoming-path.ts';
import { defaultLimits, type ImportFile, type ImportLimits } from './limits.ts';
import { listFiles } from './list-files.ts';
import type { ImageOffer } from './pair-labels.ts';
import type { ProbedVolume } from './probe.ts';
import { writeBody } from './receive.ts';
import { takeItems } from './take.ts';
import { understand } from './understand.ts';
import { unzip } from './unzip.ts';

interface Session {
  readonly id: ImportId;
  /** Where its own files lie. */
  readonly folder: string;
  readonly serial: Serial;
  /** Whether a browser sent the files, so that they are ours. */
  readonly isSent: boolean;
  readonly files: Map<string, ImportFile>;
  receivedBytes: number;
  refused: ImportProposal['refused'];
  understood: { volumes: ReadonlyMap<string, ProbedVolume>; proposal: ImportProposal } | undefined;
}

/** Removes what imports of an earlier time left behind. */
export async function makeImports({
  project,
  library,
  limits = defaultLimits,
}: {
  project: ProjectFolder;
  library: ProjectLibrary;
  limits?: ImportLimits;
}): Promise<ImportService> {
  const incoming = project.path(projectPaths.incoming);
  for (const name of await readdir(incoming))
    await rm(join(incoming, name), { recursive: true, force: true });
  const sessions = new Map<string, Session>();

  function get(id: ImportId): Session {
    const session = sessions.get(id);
    if (session === undefined) throw importUnknown({ id });
    return session;
  }

  async function start(files: readonly ImportFile[] | undefined): Promise<{ id: ImportId }> {
    const id = `import-${randomUUID()}` as ImportId;
    const folder = join(incoming, id);
    await mkdir(folder);
    sessions.set(id, {
      id,
      folder,
      serial: makeSerial(),
      isSent: files === undefined,
      files: new Map(files?.map((file) => [file.path, file])),
      receivedBytes: 0,
      refused: [],
      understood: undefined,
    });
    return { id };
  }

  async function inspect(session: Session): Promise<ImportProposal> {
    if (session.understood !== undefined) return session.understood.proposal;
    await unpackArchives(session, limits);
    const existing = await offersOf(library);
    const { proposal, volumes } = await understand([...session.files.values()], { id: session.id, existing });
    const whole = { ...proposal, refused: [...session.refused, ...proposal.refused] };
    session.understood = {
      proposal: whole,
      volumes: new Map(volumes.map((volume) => [volume.path, volume])),
    };
    return whole;
  }

  async function discard(session: Session): Promise<void> {
    sessions.delete(session.id);
    await rm(session.folder, { recursive: true, force: true });
  }

  return {
    begin: () => start(undefined),
    beginWithPaths: async (paths) => start(await listFiles(paths, limits.fileCount)),
    async receive(id, { path, body }) {
      try {
        await receiveFile(get(id), { path: safePath(path), body, limits });
      } catch (error) {
        // What is left of the body is read and dropped, so that the sender gets to hear the answer.
        body.resume();
        throw error;
      }
    },
    inspect: async (id) => {
      const session = get(id);
      return session.serial(() => inspect(session));
    },
    take: async (id, items) => {
      const session = get(id);
      return session.serial(async () => {
        const { labelNames } = await inspect(session);
        const { volumes } = session.understood!;
        const change = await takeItems(items, {
          project,
          library,
          volumes,
          labelNames,
          isOurs: session.isSent,
        });
        await discard(session);
        return change;
      });
    },
    discard: async (id) => {
      const session = get(id);
      await session.serial(() => discard(session));
    },
  };
}

async function receiveFile(
  session: Session,
  {
    path,
    body,
    limits,
  }: { path: string; body: Parameters<ImportService['receive']>[1]['body']; limits: ImportLimits },
): Promise<void> {
  if (isJunk(path)) {
    body.resume();
    return;
  }
  if (session.files.size >= limits.fileCount)
    throw importPath({
      path,
      problem: `there are ${limits.fileCount.toLocaleString('en-GB')} files already`,
    });
  let fileBytes = 0;
  const count = (chunk: Uint8Array) => {
    fileBytes += chunk.length;
    session.receivedBytes += chunk.length;
    const { fileBytes: most, importBytes } = limits;
    if (fileBytes > most) throw importTooLarge({ path, limitBytes: most, of: 'file' });
    if (session.receivedBytes > importBytes)
      throw importTooLarge({ path, limitBytes: importBytes, of: 'import' });
  };
  const file = join(session.folder, 'files', path);
  try {
    await writeBody(file, { path, body, count });
  } catch (error) {
    session.receivedBytes -= fileBytes;
    throw error;
  }
  session.files.set(path, { path, file });
  session.understood = undefined;
}

/** Each archive becomes the files that it holds; one that cannot be unpacked is refused. */
async function unpackArchives(session: Session, limits: ImportLimits): Promise<void> {
  const archives = [...session.files.values()].filter(({ path }) => /\.zip$/i.test(path));
  for (const [n, archive] of archives.entries()) {
    const into = join(session.folder, 'unpacked', String(session.files.size + n));
    session.files.delete(archive.path);
    try {
      const { files, refused } = await unzip(archive, { into, limits });
      for (const file of files) session.files.set(file.path, file);
      session.refused = [...session.refused, ...refused];
    } catch (error) {
      await rm(into, { recursive: true, force: true });
      if (!(error instanceof UserError) || error.code === 'IMPORT_DISK_FULL') throw error;
      session.refused = [...session.refused, { path: archive.path, error: errorReport(error) }];
    }
    if (session.isSent) await rm(archive.file, { force: true });
  }
}

async function offersOf(library: ProjectLibrary): Promise<ImageOffer[]> {
  const { subjects } = await library.list();
  return subjects.flatMap(({ name: subject, images }) =>
    images.map(({ id, name }) => ({ subject, name, grid: library.gridOf(id), stem: '', folder: undefined })),
  );
}
