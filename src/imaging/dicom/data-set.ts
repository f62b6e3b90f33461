/** @file The one door of dicom-parser: bytes to a data set whose values are asked for by tag, with the file named in every error. */
import dicomParser from 'dicom-parser';
import { inflateSync } from 'fflate';
import { dicomBroken } from './errors.ts';

/** A deflated data set may grow to this many times its size; images compress less, bombs more. */
const mostInflation = 200;

export interface DicomElement {
  readonly length: number;
  readonly dataOffset: number;
  readonly encapsulated: boolean;
  readonly vr: string | undefined;
}

/** Values of one data set (a file, or an item of a sequence). Absent, empty and unreadable values are undefined. */
export interface DataSet {
  has(tag: string): boolean;
  /** Trimmed text of the n-th value. */
  text(tag: string, index?: number): string | undefined;
  /** All values as one text, with backslashes between them; empty when there is none. */
  texts(tag: string): string;
  /** All numbers of a DS or IS value, or of binary ones (US, SS, UL, SL, FL, FD) by their VR. */
  numbers(tag: string): readonly number[];
  number(tag: string): number | undefined;
  /** Items of a sequence. */
  items(tag: string): readonly DataSet[];
  element(tag: string): DicomElement | undefined;
  bytes(tag: string): Uint8Array | undefined;
}

export interface DicomFile extends DataSet {
  readonly file: string;
  readonly transferSyntax: string;
  readonly isBigEndian: boolean;
  /** The whole (inflated) file; pixels are read from here. */
  readonly content: Uint8Array;
  readonly parsed: dicomParser.DataSet;
}

const bigEndianSyntax = '1.2.840.10008.1.2.2';

/** Whether content may be DICOM: the mark after the preamble, or (files without one) a first element of group 2 or 8. */
export function looksLikeDicom(prefix: Uint8Array): boolean {
  const mark = String.fromCharCode(...prefix.subarray(128, 132));
  if (mark === 'DICM') return true;
  const group = (prefix[0] ?? 0) | ((prefix[1] ?? 0) << 8);
  const element = (prefix[2] ?? 0) | ((prefix[3] ?? 0) << 8);
  if ((group !== 2 && group !== 8) || element > 0x18) return false;
  const isExplicit = /^[A-Z]{2}$/.test(String.fromCharCode(prefix[4] ?? 0, prefix[5] ?? 0));
  const [low = 0, high = 0, ...upper] = prefix.subarray(4, 8);
  // Implicit VR: a short, even length follows the tag at once.
  return isExplicit || (high === 0 && upper.every((byte) => byte === 0) && low > 0 && low % 2 === 0);
}

/**
 * Parses a whole file in memory; values are views of `content`.
 *
 * throws  DICOM_BROKEN
 */
export function parseDicom(content: Uint8Array, file: string): DicomFile {
  let parsed: dicomParser.DataSet;
  try {
    // A plain view: Node's own Buffer shares memory where a Uint8Array would copy.
    const plain = new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
    parsed = parseAny(plain);
  } catch (error) {
    throw dicomBroken({ file, reason: reasonOf(error), cause: error });
  }
  const transferSyntax = parsed.string('x00020010')?.trim() ?? implicitSyntax;
  return {
    ...view(parsed),
    file,
    transferSyntax,
    isBigEndian: transferSyntax === bigEndianSyntax,
    content: parsed.byteArray,
    parsed,
  };
}

const implicitSyntax = '1.2.840.10008.1.2';
const explicitSyntax = '1.2.840.10008.1.2.1';

/** Files without a meta group say nothing of their syntax: it is told from their first element. */
function parseAny(content: Uint8Array): dicomParser.DataSet {
  const options = { inflater: inflate } as dicomParser.ParseDicomOptions;
  const hasMark = String.fromCharCode(...content.subarray(128, 132)) === 'DICM';
  if (hasMark) return dicomParser.parseDicom(content, options);
  if (content[0] === 2) return dicomParser.parseDicom(withPreamble(content), options);
  const isExplicit = /^[A-Z]{2}$/.test(String.fromCharCode(content[4] ?? 0, content[5] ?? 0));
  const TransferSyntaxUID = isExplicit ? explicitSyntax : implicitSyntax;
  return dicomParser.parseDicom(content, { ...options, TransferSyntaxUID });
}

/** Files that begin with the meta group lack preamble and mark; both are put before them. */
function withPreamble(content: Uint8Array): Uint8Array {
  const whole = new Uint8Array(132 + content.length);
  whole.set([0x44, 0x49, 0x43, 0x4d], 128);
  whole.set(content, 132);
  return whole;
}

function inflate(content: Uint8Array, position: number): Uint8Array {
  const deflated = content.subarray(position);
  // Too small a buffer makes fflate throw: the limit holds whatever the stream says of itself.
  const out = new Uint8Array(Math.min(deflated.length * mostInflation, 2 ** 30));
  const inflated = inflateSync(deflated, { out });
  const whole = new Uint8Array(position + inflated.length);
  whole.set(content.subarray(0, position));
  whole.set(inflated, position);
  return whole;
}

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return 'its sequences are nested too deeply';
  const message =
    typeof error === 'object' && error !== null && 'exception' in error
      ? String(error.exception)
      : error instanceof Error
        ? error.message
        : String(error);
  return message.replace(/^dicomParser\.[^:]+:\s*/, '').replace(/\.$/, '');
}

type BinaryVr = 'US' | 'SS' | 'UL' | 'SL' | 'FL' | 'FD';

const binary: Record<
  BinaryVr,
  { bytes: number; read: 'uint16' | 'int16' | 'uint32' | 'int32' | 'float' | 'double' }
> = {
  US: { bytes: 2, read: 'uint16' },
  SS: { bytes: 2, read: 'int16' },
  UL: { bytes: 4, read: 'uint32' },
  SL: { bytes: 4, read: 'int32' },
  FL: { bytes: 4, read: 'float' },
  FD: { bytes: 8, read: 'double' },
};

/** VRs of binary tags that are read here, for files with implicit VR. */
const implicitVr: Readonly<Record<string, BinaryVr>> = {
  x00280002: 'US',
  x00280006: 'US',
  x00280010: 'US',
  x00280011: 'US',
  x00280100: 'US',
  x00280101: 'US',
  x00280102: 'US',
  x00280103: 'US',
  x00281101: 'US',
  x00281102: 'US',
  x00281103: 'US',
  x00189087: 'FD',
  x00209057: 'UL',
  x00209128: 'UL',
  x00209157: 'UL',
  x0062000b: 'US',
  x00620004: 'US',
};

function view(set: dicomParser.DataSet): DataSet {
  return {
    has: (tag) => (set.elements[tag]?.length ?? 0) > 0,
    // dicom-parser fails on an index beyond the last value.
    text: (tag, index) => nth(set.string(tag), index)?.trim() || undefined,
    texts: (tag) => set.string(tag) ?? '',
    numbers: (tag) => numbersOf(set, tag),
    number: (tag) => numbersOf(set, tag)[0],
    items: (tag) =>
      (set.elements[tag]?.items ?? []).flatMap(({ dataSet }) =>
        dataSet === undefined ? [] : [view(dataSet)],
      ),
    element: (tag) => {
      const found = set.elements[tag];
      if (found === undefined) return undefined;
      const { length, dataOffset, vr, encapsulatedPixelData } = found;
      return { length, dataOffset, vr, encapsulated: encapsulatedPixelData === true };
    },
    bytes: (tag) => {
      const found = set.elements[tag];
      if (found === undefined || found.length <= 0) return undefined;
      return set.byteArray.subarray(found.dataOffset, found.dataOffset + found.length);
    },
  };
}

function nth(values: string | undefined, index: number | undefined): string | undefined {
  return index === undefined ? values : values?.split('\\')[index];
}

function numbersOf(set: dicomParser.DataSet, tag: string): number[] {
  const element = set.elements[tag];
  if (element === undefined || element.length <= 0) return [];
  const vr = (element.vr ?? implicitVr[tag]) as BinaryVr | undefined;
  const kind = vr !== undefined && Object.hasOwn(binary, vr) ? binary[vr] : undefined;
  const values =
    kind === undefined
      ? (set.string(tag) ?? '').split('\\').map((text) => (text.trim() === '' ? Number.NaN : Number(text)))
      : Array.from(
          { length: Math.floor(element.length / kind.bytes) },
          (_, i) => set[kind.read](tag, i) ?? Number.NaN,
        );
  return values.every(Number.isFinite) ? values : [];
}
