/** @file Siemens' private "CSA" header, as far as mosaics need it. Layout as nibabel's documentation of "CSA2" describes it. */

const headerBytes = 16;
const nameBytes = 64;
/** Name, multiplicity, value type, type number, item count, a constant. */
const tagBytes = nameBytes + 4 + 4 + 4 + 4 + 4;
const mostItems = 1000;

/** Numbers of a named entry; none when the header is absent, of another version, cut, or has no such entry. */
export function csaNumbers(header: Uint8Array | undefined, name: string): number[] {
  if (header === undefined || header.length < headerBytes) return [];
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (textAt(header, 0, 4) !== 'SV10') return [];
  const tagCount = view.getUint32(8, true);
  let at = headerBytes;
  for (let tag = 0; tag < tagCount && at + tagBytes <= header.length; tag++) {
    const isWanted = textAt(header, at, nameBytes) === name;
    const itemCount = Math.min(view.getUint32(at + nameBytes + 12, true), mostItems);
    at += tagBytes;
    const numbers: number[] = [];
    for (let item = 0; item < itemCount && at + 16 <= header.length; item++) {
      const length = view.getUint32(at + 4, true);
      const text = textAt(header, at + 16, length).trim();
      if (text !== '' && Number.isFinite(Number(text))) numbers.push(Number(text));
      at += 16 + 4 * Math.ceil(length / 4);
    }
    if (isWanted) return numbers;
  }
  return [];
}

/** Up to the first NUL. */
function textAt(bytes: Uint8Array, at: number, length: number): string {
  const part = bytes.subarray(at, Math.min(at + length, bytes.length));
  const end = part.indexOf(0);
  return String.fromCharCode(...part.subarray(0, end === -1 ? part.length : end));
}
