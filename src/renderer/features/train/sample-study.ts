/** @file Whether the open project is the sample study, whose first training is filled in already. */
import type { Library } from '../../../contract/library.ts';

/** As long as it has the subjects of the sample and no others. */
export function isSampleStudy({ subjects }: Pick<Library, 'subjects'>): boolean {
  return subjects.length > 0 && subjects.every(({ name }) => /^sample-\d+$/.test(name));
}
