/** @file Paths that come from outside (a browser, a zip archive), made safe before anything is written under them. */
import { importPath } from './errors.ts';

const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
const longestPart = 200;
const longestPath = 1000;

/**
 * The path with forward slashes and composed accents, to be put below a folder of ours. Characters that Windows does not allow
 * become `_`. Throws IMPORT_PATH for paths that lead elsewhere or cannot be files everywhere.
 */
export function safePath(path: string): string {
  const refuse = (problem: string) => importPath({ path: printable(path), problem });
  const slashed = path.normalize('NFC').replaceAll('\\', '/');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(slashed)) throw refuse('it has control characters');
  if (slashed.startsWith('/')) throw refuse('the path is absolute');
  if (/^[a-z]:/i.test(slashed)) throw refuse('the path begins with a drive');
  const parts = slashed.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0) throw refuse('it is empty');
  if (parts.includes('..')) throw refuse('the path leads out of its folder');
  if (slashed.length > longestPath || parts.some((part) => Buffer.byteLength(part) > longestPart))
    throw refuse('it is too long');
  if (parts.some((part) => reserved.test(part))) throw refuse('Windows keeps this name for a device');
  return parts
    .map((part) => part.replace(/[<>:"|?*]/g, '_').replace(/[. ]+$/, (end) => '_'.repeat(end.length)))
    .join('/');
}

/** For messages: control characters would garble them. */
function printable(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  return path.replace(/[\u0000-\u001f\u007f]/g, '?').slice(0, longestPath);
}

/** Files that systems leave in folders and nobody means to import. */
export function isJunk(path: string): boolean {
  return path
    .split('/')
    .some((part) => part.startsWith('.') || part === '__MACOSX' || /^(thumbs\.db|desktop\.ini)$/i.test(part));
}
