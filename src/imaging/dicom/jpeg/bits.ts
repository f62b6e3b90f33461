/** @file The entropy-coded bits of a JPEG scan: byte stuffing undone, markers respected, Huffman codes looked up (ITU-T T.81 Annex F.2.2). */

/** Codes by length: `maxCode[n]` is the largest code of n bits, `first[n]` its smallest, `offset[n]` where its values begin. */
export interface HuffmanTable {
  readonly maxCode: Int32Array;
  readonly minCode: Int32Array;
  readonly offset: Int32Array;
  readonly values: Uint8Array;
}

/** `counts[n − 1]` codes of n bits; throws an Error when they are more than n bits can tell apart. */
export function makeHuffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const maxCode = new Int32Array(17).fill(-1);
  const minCode = new Int32Array(17);
  const offset = new Int32Array(17);
  let code = 0;
  let at = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1]!;
    if (code + count > 1 << length) throw new Error('a Huffman table has too many codes');
    offset[length] = at;
    minCode[length] = code;
    if (count > 0) maxCode[length] = code + count - 1;
    code = (code + count) << 1;
    at += count;
  }
  if (at > values.length) throw new Error('a Huffman table is cut off');
  return { maxCode, minCode, offset, values };
}

/** Reads bits from a scan; past its end (a marker, or the end of the data) come zeros, as decoders do for images cut short by a bit. */
export class ScanBits {
  readonly #data: Uint8Array;
  position: number;
  #buffer = 0;
  #count = 0;
  #zerosGiven = 0;

  constructor(data: Uint8Array, position: number) {
    this.#data = data;
    this.position = position;
  }

  bit(): number {
    if (this.#count === 0) this.#fill();
    this.#count--;
    return (this.#buffer >> this.#count) & 1;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) value = (value << 1) | this.bit();
    return value;
  }

  /** `count` bits as a difference: those that begin with 0 are negative (T.81 F.2.2.1, EXTEND). */
  signed(count: number): number {
    if (count === 0) return 0;
    const value = this.bits(count);
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  symbol(table: HuffmanTable): number {
    let code = 0;
    for (let length = 1; length <= 16; length++) {
      code = (code << 1) | this.bit();
      if (code <= table.maxCode[length]!)
        return table.values[table.offset[length]! + code - table.minCode[length]!]!;
    }
    throw new Error('the scan holds a code that its Huffman table does not know');
  }

  /** Passes over a restart marker, if one is next; bits before it are dropped. */
  restart(): void {
    this.#count = 0;
    const marker = this.#data[this.position + 1] ?? 0;
    if (this.#data[this.position] === 0xff && marker >= 0xd0 && marker <= 0xd7) this.position += 2;
  }

  #fill(): void {
    const byte = this.#data[this.position];
    this.#count = 8;
    if (byte === 0xff && this.#data[this.position + 1] === 0) {
      this.#buffer = byte;
      this.position += 2;
    } else if (byte === undefined || byte === 0xff) {
      // A few zeros are padding; many mean that the scan is cut off.
      if (++this.#zerosGiven > 64) throw new Error('the scan ends early');
      this.#buffer = 0;
    } else {
      this.#buffer = byte;
      this.position++;
    }
  }
}
