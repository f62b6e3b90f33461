/** @file Hands a file that the page made to the browser, which saves it where downloads go. */

export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has its own hold on the data once the click was handled.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A name that is safe everywhere: what is no letter, digit, dot or dash becomes an underscore. */
export function fileName(parts: readonly string[], ending: string): string {
  const stem = parts
    .filter((part) => part !== '')
    .join('_')
    .replace(/[^\p{L}\p{N}.-]+/gu, '_');
  return `${stem}.${ending}`;
}
