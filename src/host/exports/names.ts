/** @file What exported files are called. */
import { nameKey, usableName } from '../project/file-name.ts';

/** How subjects are called in an export: by name, or case-1, case-2, … in the order in which they come. */
export type NameOfSubject = (subject: string) => string;

export function namesOfSubjects(withoutNames: boolean): NameOfSubject {
  const numbers = new Map<string, number>();
  return (subject) => {
    if (!withoutNames) return subject;
    const number = numbers.get(subject) ?? numbers.size + 1;
    numbers.set(subject, number);
    return `case-${number}`;
  };
}

/** `sub01_T1`; without what is empty. Other names may hold the subject's own: without names it is taken out of them. */
export function stemOfExport(
  subject: string,
  parts: readonly string[],
  { nameOf, withoutNames }: { nameOf: NameOfSubject; withoutNames: boolean },
): string {
  const rest = parts
    .map((part) => (withoutNames ? without(part, subject) : part))
    .filter((part) => part !== '');
  return usableName([nameOf(subject), ...rest].join('_'), 'export');
}

/** Whole words only, and whatever the capitals. */
function without(part: string, subject: string): string {
  const escaped = subject.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const name = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'giu');
  return part.replace(name, '').replace(/^[ ._-]+|[ ._-]+$/g, '');
}

/** `stem.ending`, or `stem (2).ending` … when that is taken; capitals do not count. The name found counts as taken from then on. */
export function uniqueFileName(stem: string, ending: string, taken: Set<string>): string {
  let name = `${stem}${ending}`;
  for (let n = 2; taken.has(nameKey(name)); n++) name = `${stem} (${n})${ending}`;
  taken.add(nameKey(name));
  return name;
}
