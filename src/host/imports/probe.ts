/** @file Looks at the first bytes of each file of an import: a volume with its header, or why not. */
import { open, stat } from 'node:fs/promises';
import { mapConcurrently } from '../../base/concurrent.ts';
import { type ErrorReport, errorReport, UserError } from '../../base/errors.ts';
import { systemErrorCode } from '../../base/node/system-error.ts';
import { readHeader } from '../../imaging/node/open.ts';
import type { VolumeHeader } from '../../imaging/volume.ts';
import { dicomNotYet, notAVolume } from './errors.ts';
import type { ImportFile } from './limits.ts';

export interface ProbedVolume extends ImportFile {
  readonly header: VolumeHeader;
  readonly sizeBytes: number;
}

export interface Probed {
  readonly volumes: readonly ProbedVolume[];
  readonly refused: readonly { path: string; error: ErrorReport }[];
}

const concurrent = 8;

/** The .img of a pair goes with its .hdr and is in neither list. DICOM files are refused by folder. */
export async function probeFiles(files: readonly ImportFile[]): Promise<Probed> {
  const paths = new Set(files.map(({ path }) => path.toLowerCase()));
  const wanted = files.filter(({ path }) => !isSecondHalf(path.toLowerCase(), paths));
  const results = await mapConcurrently(wanted, concurrent, probe);
  const refusals = results.filter((result) => 'error' in result);
  const isDicom = ({ error }: Refusal) => error === 'dicom';
  return {
    volumes: results.filter((result) => 'header' in result),
    refused: [
      ...refusals.flatMap(({ path, error }) =>
        error === 'dicom' ? [] : [{ path, error: errorReport(error) }],
      ),
      ...dicomByFolder(refusals.filter(isDicom).map(({ path }) => path)),
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
    if (isDicom(start)) return 'dicom';
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

/** `DICM` behind the preamble; or, without one, a data set that begins with group 0002 or 0008 and a known value type. */
function isDicom(bytes: Uint8Array): boolean {
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (text(128, 132) === 'DICM') return true;
  const group = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8);
  return (group === 2 || group === 8) && /^(UL|CS|UI|OB|SH|DA|TM|LO)$/.test(text(4, 6));
}

/** UTF-8 without control characters other than white space. */
function isText(bytes: Uint8Array): boolean {
  return (
    bytes.length > 0 && bytes.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13)) && !bytes.includes(127)
  );
}

function dicomByFolder(paths: readonly string[]): { path: string; error: ErrorReport }[] {
  const folders = Map.groupBy(paths, (path) => path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  return [...folders].map(([folder, found]) => {
    const path = found.length === 1 ? found[0]! : folder || 'files';
    return { path, error: errorReport(dicomNotYet({ path, count: found.length })) };
  });
}
