/**
 * @file Grey JPEG images of 8 or 12 bits, sequential or progressive, Huffman-coded (ITU-T T.81): what DICOM calls JPEG extended, spectral selection
 * and full progression. The libraries at hand know eight bits only.
 */
import { type HuffmanTable, makeHuffmanTable, ScanBits } from './bits.ts';
import { inverseDct } from './inverse-dct.ts';

export interface DecodedJpeg {
  readonly width: number;
  readonly height: number;
  readonly precision: number;
  readonly values: Uint16Array;
}

// biome-ignore format: rows as in T.81 figure A.6
const zigzag = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly precision: number;
  readonly isProgressive: boolean;
  readonly quantiser: number;
  readonly blocksAcross: number;
  readonly blocksDown: number;
  /** 64 a block, in zigzag order. */
  readonly coefficients: Int32Array;
}

interface Tables {
  readonly quantisers: Map<number, Uint16Array>;
  readonly dc: Map<number, HuffmanTable>;
  readonly ac: Map<number, HuffmanTable>;
  restartInterval: number;
}

interface Scan {
  readonly dc: HuffmanTable | undefined;
  readonly ac: HuffmanTable | undefined;
  readonly from: number;
  readonly to: number;
  /** Bit position before, and in this scan: successive approximation. */
  readonly high: number;
  readonly low: number;
}

/** No image may need more than this many coefficients, whatever its header says. */
const mostBlocks = 1 << 22;

/** Throws an Error with the reason when the image is broken, of several components, or of another process. */
export function decodeJpeg(data: Uint8Array): DecodedJpeg {
  if (data[0] !== 0xff || data[1] !== 0xd8) throw new Error('it does not begin as a JPEG image');
  const tables: Tables = { quantisers: new Map(), dc: new Map(), ac: new Map(), restartInterval: 0 };
  let frame: Frame | undefined;
  let at = 2;
  for (;;) {
    while (data[at] !== 0xff || data[at + 1] === 0 || data[at + 1] === 0xff) {
      if (at >= data.length) throw new Error('it ends early');
      at++;
    }
    const marker = data[at + 1]!;
    at += 2;
    if (marker === 0xd9) break;
    if (marker >= 0xd0 && marker <= 0xd7) continue;
    const length = (data[at]! << 8) | data[at + 1]!;
    const segment = data.subarray(at + 2, at + length);
    if (!(length >= 2) || at + length > data.length) throw new Error('a segment is cut off');
    at += length;
    if (marker === 0xdb) readQuantisers(segment, tables);
    else if (marker === 0xc4) readHuffman(segment, tables);
    else if (marker === 0xdd) tables.restartInterval = (segment[0]! << 8) | segment[1]!;
    else if (marker >= 0xc0 && marker <= 0xc2) frame = readFrame(segment, marker === 0xc2);
    else if (marker > 0xc2 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc)
      throw new Error('its coding process (lossless, hierarchical or arithmetic) is none of those read here');
    else if (marker === 0xda) {
      if (frame === undefined) throw new Error('a scan comes before the frame');
      at = decodeScan(data, at, { frame, scan: readScan(segment, tables), interval: tables.restartInterval });
      // A sequential image is one scan; what follows is padding, which need not end in a marker.
      if (!frame.isProgressive) break;
    }
  }
  if (frame === undefined) throw new Error('it has no frame');
  return picture(frame, tables);
}

function readQuantisers(segment: Uint8Array, { quantisers }: Tables): void {
  let at = 0;
  while (at < segment.length) {
    const head = segment[at++]!;
    const wide = head >> 4 !== 0;
    const table = Uint16Array.from({ length: 64 }, (_, i) =>
      wide ? (segment[at + 2 * i]! << 8) | segment[at + 2 * i + 1]! : segment[at + i]!,
    );
    quantisers.set(head & 15, table);
    at += wide ? 128 : 64;
  }
}

function readHuffman(segment: Uint8Array, { dc, ac }: Tables): void {
  let at = 0;
  while (at + 17 <= segment.length) {
    const head = segment[at]!;
    const counts = segment.subarray(at + 1, at + 17);
    const size = counts.reduce((sum, count) => sum + count, 0);
    const table = makeHuffmanTable(counts, segment.subarray(at + 17, at + 17 + size));
    (head >> 4 === 0 ? dc : ac).set(head & 15, table);
    at += 17 + size;
  }
}

function readFrame(segment: Uint8Array, isProgressive: boolean): Frame {
  const [precision = 0, h1 = 0, h2 = 0, w1 = 0, w2 = 0, components = 0, , , quantiser = 0] = segment;
  const height = (h1 << 8) | h2;
  const width = (w1 << 8) | w2;
  if (components !== 1) throw new Error(`${components} components of ${precision} bits; one is expected`);
  if (precision !== 8 && precision !== 12)
    throw new Error(`${precision} bits a sample; 8 or 12 are expected`);
  const blocksAcross = Math.ceil(width / 8);
  const blocksDown = Math.ceil(height / 8);
  const blocks = blocksAcross * blocksDown;
  if (blocks === 0 || blocks > mostBlocks) throw new Error(`a size of ${width} × ${height}`);
  const coefficients = new Int32Array(64 * blocks);
  return { width, height, precision, isProgressive, quantiser, blocksAcross, blocksDown, coefficients };
}

function readScan(segment: Uint8Array, { dc, ac }: Tables): Scan {
  const [components, , tables = 0, from = 0, to = 0, approximation = 0] = segment;
  if (components !== 1) throw new Error('a scan of several components');
  if (from > to || to > 63) throw new Error('a scan of impossible frequencies');
  const high = approximation >> 4;
  return { dc: dc.get(tables >> 4), ac: ac.get(tables & 15), from, to, high, low: approximation & 15 };
}

/** Returns where the scan ends. */
function decodeScan(
  data: Uint8Array,
  start: number,
  { frame, scan, interval }: { frame: Frame; scan: Scan; interval: number },
): number {
  const bits = new ScanBits(data, start);
  const state = { predictor: 0, endOfBandRun: 0 };
  const decodeBlock = blockDecoder(frame, scan, { bits, state });
  const blocks = frame.blocksAcross * frame.blocksDown;
  for (let block = 0; block < blocks; block++) {
    if (interval > 0 && block > 0 && block % interval === 0) {
      bits.restart();
      state.predictor = 0;
      state.endOfBandRun = 0;
    }
    decodeBlock(frame.coefficients.subarray(64 * block, 64 * block + 64));
  }
  return bits.position;
}

interface ScanState {
  predictor: number;
  /** Blocks yet to come whose band is known to be at its end. */
  endOfBandRun: number;
}

type BlockDecoder = (block: Int32Array) => void;

function blockDecoder(
  { isProgressive }: Frame,
  scan: Scan,
  context: { bits: ScanBits; state: ScanState },
): BlockDecoder {
  if (!isProgressive) return sequential(scan, context);
  if (scan.from === 0) return scan.high === 0 ? firstDc(scan, context) : refineDc(scan, context);
  return scan.high === 0 ? firstAc(scan, context) : refineAc(scan, context);
}

type Context = { bits: ScanBits; state: ScanState };

function needed(table: HuffmanTable | undefined): HuffmanTable {
  if (table === undefined) throw new Error('a scan names a Huffman table that is not there');
  return table;
}

/** T.81 F.2.2. */
function sequential(scan: Scan, { bits, state }: Context): BlockDecoder {
  const dc = needed(scan.dc);
  const ac = needed(scan.ac);
  return (block) => {
    state.predictor += bits.signed(bits.symbol(dc));
    block[0] = state.predictor;
    for (let k = 1; k < 64; k++) {
      const symbol = bits.symbol(ac);
      const size = symbol & 15;
      if (size === 0 && symbol !== 0xf0) break;
      k += symbol >> 4;
      if (k > 63) throw new Error('a block runs over its end');
      if (size > 0) block[k] = bits.signed(size);
    }
  };
}

/** T.81 G.1.2.1. */
function firstDc(scan: Scan, { bits, state }: Context): BlockDecoder {
  const dc = needed(scan.dc);
  return (block) => {
    state.predictor += bits.signed(bits.symbol(dc));
    block[0] = state.predictor * 2 ** scan.low;
  };
}

function refineDc({ low }: Scan, { bits }: Context): BlockDecoder {
  return (block) => {
    if (bits.bit()) block[0] = block[0]! | (1 << low);
  };
}

/** T.81 G.1.2.2. */
function firstAc(scan: Scan, { bits, state }: Context): BlockDecoder {
  const ac = needed(scan.ac);
  return (block) => {
    if (state.endOfBandRun > 0) {
      state.endOfBandRun--;
      return;
    }
    for (let k = scan.from; k <= scan.to; k++) {
      const symbol = bits.symbol(ac);
      const run = symbol >> 4;
      const size = symbol & 15;
      if (size === 0 && run < 15) {
        state.endOfBandRun = (1 << run) - 1 + bits.bits(run);
        return;
      }
      k += run;
      if (k > 63) throw new Error('a block runs over its end');
      if (size > 0) block[k] = bits.signed(size) * 2 ** scan.low;
    }
  };
}

/** T.81 G.1.2.3: one more bit for coefficients that are there already, and new ones between them. */
function refineAc(scan: Scan, { bits, state }: Context): BlockDecoder {
  const ac = needed(scan.ac);
  const one = 1 << scan.low;
  const correct = (block: Int32Array, k: number) => {
    const value = block[k]!;
    if (bits.bit() && (Math.abs(value) & one) === 0) block[k] = value + (value > 0 ? one : -one);
  };
  return (block) => {
    let k = scan.from;
    if (state.endOfBandRun === 0) {
      for (; k <= scan.to; k++) {
        const symbol = bits.symbol(ac);
        let zeros = symbol >> 4;
        const size = symbol & 15;
        if (size === 0 && zeros < 15) {
          state.endOfBandRun = (1 << zeros) + bits.bits(zeros);
          break;
        }
        const fresh = size === 0 ? 0 : bits.bit() ? one : -one;
        // Zeros that stay zero are counted; coefficients passed on the way are refined.
        for (; k <= scan.to; k++) {
          if (block[k] !== 0) correct(block, k);
          else if (zeros-- === 0) break;
        }
        if (fresh !== 0 && k <= scan.to) block[k] = fresh;
      }
    }
    if (state.endOfBandRun > 0) {
      for (; k <= scan.to; k++) if (block[k] !== 0) correct(block, k);
      state.endOfBandRun--;
    }
  };
}

function picture(frame: Frame, { quantisers }: Tables): DecodedJpeg {
  const { width, height, precision, blocksAcross, blocksDown, coefficients } = frame;
  const quantiser = quantisers.get(frame.quantiser);
  if (quantiser === undefined) throw new Error('its quantisation table is not there');
  const values = new Uint16Array(width * height);
  const natural = new Float64Array(64);
  const block = new Uint16Array(64);
  for (let by = 0; by < blocksDown; by++) {
    for (let bx = 0; bx < blocksAcross; bx++) {
      const first = 64 * (by * blocksAcross + bx);
      for (let k = 0; k < 64; k++) natural[zigzag[k]!] = coefficients[first + k]! * quantiser[k]!;
      inverseDct(natural, precision, block);
      const wide = Math.min(8, width - 8 * bx);
      const tall = Math.min(8, height - 8 * by);
      for (let y = 0; y < tall; y++)
        values.set(block.subarray(8 * y, 8 * y + wide), (8 * by + y) * width + 8 * bx);
    }
  }
  return { width, height, precision, values };
}
