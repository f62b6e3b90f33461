/** @file How much one import may bring. */

export interface ImportLimits {
  readonly fileBytes: number;
  readonly importBytes: number;
  readonly fileCount: number;
  /** A zip archive may grow to this many times its size, and to `zipFreeBytes` in any case. */
  readonly zipRatio: number;
  readonly zipFreeBytes: number;
}

export const defaultLimits: ImportLimits = {
  fileBytes: 32e9,
  importBytes: 200e9,
  fileCount: 100_000,
  zipRatio: 200,
  zipFreeBytes: 256e6,
};

/** One file of an import. */
export interface ImportFile {
  /** As dropped, with forward slashes. */
  readonly path: string;
  /** Absolute path on this machine. */
  readonly file: string;
}
