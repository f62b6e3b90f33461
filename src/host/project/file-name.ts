/** @file Names that are safe as file names on every system that a project may be moved to. */
import { nameSchema } from '../../contract/ids.ts';
import { projectNameUnusable } from './errors.ts';

/** Names that Windows keeps for devices, with any ending. */
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
const longest = 80;

/** Why `name` cannot be a subject, image or rater; undefined when it can. */
export function nameProblem(name: string): string | undefined {
  const parsed = nameSchema.safeParse(name);
  if (!parsed.success) return parsed.error.issues[0]?.message;
  if (/[. ]$/.test(name)) return 'it ends in a dot or a space, which Windows drops';
  if (reserved.test(name)) return 'Windows keeps it for a device';
  if (name !== name.normalize('NFC')) return 'its accents are not composed (Unicode NFC)';
  return undefined;
}

/** Throws NAME_UNUSABLE. */
export function checkName(name: string): string {
  const problem = nameProblem(name);
  if (problem !== undefined) throw projectNameUnusable({ name, problem });
  return name;
}

/** The nearest usable name; `fallback` when nothing of it can be kept. */
export function usableName(text: string, fallback: string): string {
  const cleaned = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N} ._-]+/gu, '_')
    .replace(/^[^\p{L}\p{N}]+/u, '');
  const short = [...cleaned]
    .slice(0, longest - 2)
    .join('')
    .slice(0, longest - 2);
  const name = short.replace(/[. ]+$/, '').replace(/[\uD800-\uDBFF]$/, '');
  if (name === '') return fallback;
  return reserved.test(name) ? `x_${name}` : name;
}

/** Two names that are one file on a system that ignores case or composes accents otherwise. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
