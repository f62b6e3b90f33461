/** @file Imports for tests: files dropped by path, or sent as a browser does. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { ImportId } from '../../../src/contract/ids.ts';
import type { ImportProposal } from '../../../src/contract/imports.ts';
import type { ImportService } from '../../../src/host/services.ts';
import { writeVolume } from '../../../src/imaging/node/save.ts';
import type { Volume } from '../../../src/imaging/volume.ts';

/** Writes files below `folder`; a volume is written in the format that its name asks for. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, Volume | string | Uint8Array>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    if (typeof content === 'string' || content instanceof Uint8Array) await writeFile(file, content);
    else await writeVolume(file, content);
  }
}

export async function inspectPaths(
  imports: ImportService,
  paths: readonly string[],
): Promise<ImportProposal> {
  const { id } = await imports.beginWithPaths(paths);
  return imports.inspect(id);
}

export async function send(
  imports: ImportService,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<ImportId> {
  const { id } = await imports.begin();
  for (const [path, content] of Object.entries(files))
    await imports.receive(id, { path, body: Readable.from([Buffer.from(content)]) });
  return id;
}

/** `path: role subject name rater`, for comparing proposals. */
export function rows({ items }: ImportProposal): string[] {
  return items.map(({ path, role, subject, name, rater }) =>
    [`${path}:`, role, subject, name, rater].filter((part) => part !== undefined).join(' '),
  );
}
