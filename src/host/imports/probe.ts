/** @file Looks at the first bytes of each file of an import: a volume with its header, or why not. */
import { open, stat } from 'node:fs/promises';
import { mapConcurrently } from '../../base/concurrent.ts';
import { type ErrorReport, errorReport, UserError } from '../../base/errors.ts';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { looksLikeDicom, type Stack } from '../../imaging/node/dicom.ts';
import { readHeader } from '../../imaging/node/open.ts';
import type { VolumeHeader } from '../../imaging/volume.ts';
import { notAVolume } from './errors.ts';
import type { ImportFile } from './limits.ts';
import { probeDicom } from './probe-dicom.ts';

/** A volume of an import: one file, or the DICOM files of a stack (`file` is then the first of them). */
export interface ProbedVolume extends ImportFile {
  readonly header: VolumeHeader;
  readonly sizeBytes: number;
  readonly stack?: Stack;
  /** Of several patients in one import, which; patients' names are not used. */
  readonly patient?: string;
}

export interface Probed {
  readonly volumes: readonly ProbedVolume[];
  readonly refused: readonly { path: string; error: ErrorReport }[];
}

const concurrent = 8;

/** The .img of a pair goes with its .hdr and is in neither list. DICOM files become the volumes that they hold. */
export async function probeFiles(files: readonly ImportFile[]): Promise<Probed> {
  const paths = new Set(files.map(({ path }) => path.toLowerCase()));
  const wanted = files.filter(({ path }) => !isSecondHalf(path.toLowerCase(), paths));
  const results = await mapConcurrently(wanted, concurrent, probe);
  const refusals = results.filter((result) => 'error' in result);
  const dicom = new Set(refusals.filter(({ error }) => error === 'dicom').map(({ path }) => path));
  const stacks = await probeDicom(wanted.filter(({ path }) => dicom.has(path)));
  return {
    volumes: [...results.filter((result) => 'header' in result), ...stacks.volumes],
    refused: [
      ...refusals.flatMap(({ path, error }) =>
        error === 'dicom' ? [] : [{ path, error: errorReport(error) }],
      ),
      ...stacks.refused,
    ],
  };
}

interface Refusal {
  readonly path: string;
  readonly error: UserError | Error | 'dicom';
}

function isSecondHalf(path: string, paths: ReadonlySet<string>): boolean {
  const header = path.replace(/\.img(\.gz)?$/, '.hdr');
  return header !== path && (paths.has(header) || paths.has(`${header}.gz`));
}

async function probe(file: ImportFile): Promise<ProbedVolume | Refusal> {
  try {
    const header = await readHeader(file.file);
    return { ...file, header, sizeBytes: await sizeOf(file.file) };
  } catch (error) {
    if (error instanceof UserError) return { path: file.path, error: await explain(file, error) };
    if (systemErrorCode(error) === undefined) throw error;
    return { path: file.path, error: error as Error };
  }
}

/** Of a pair both halves. */
async function sizeOf(file: string): Promise<number> {
  const { size } = await stat(file);
  const image = file.replace(/\.hdr(\.gz)?$/i, (ending) => (ending.startsWith('.HDR') ? '.IMG' : '.img'));
  if (image === file) return size;
  for (const candidate of [image, `${image}.gz`]) {
    try {
      return size + (await stat(candidate)).size;
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') throw error;
    }
  }
  return size;
}

/** The reader's own error, unless the file is of a kind for which there is better advice. Paths are as dropped, not as stored. */
async function explain({ path, file }: ImportFile, error: UserError): Promise<UserError | 'dicom'> {
  if (error.code === 'VOLUME_FORMAT_UNKNOWN') {
    const start = await readStartBytes(file);
    if (looksLikeDicom(start)) return 'dicom';
    if (isText(start)) return notAVolume({ path, looksLike: 'a text file' });
  }
  const { code, what, field, why, next } = error;
  return new UserError({ code, what, field, why, next, file: path }, error);
}

async function readStartBytes(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const buffer = new Uint8Array(1024);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** UTF-8 without control characters other than white space. */
function isText(bytes: Uint8Array): boolean {
  return (
    bytes.length > 0 && bytes.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13)) && !bytes.includes(127)
  );
}
