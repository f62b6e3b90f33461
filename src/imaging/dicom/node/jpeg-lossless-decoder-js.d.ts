/** @file The part of jpeg-lossless-decoder-js that is used; the package names a file of types that it does not bring. */
declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    decompress(buffer: ArrayBuffer, offset?: number, length?: number): ArrayBuffer | ArrayBufferView;
  }
}
