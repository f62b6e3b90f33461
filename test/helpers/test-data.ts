/** @file Where the shared real volumes lie; tests that need them skip, saying so, on machines without them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = process.env.SAGITTA_TEST_DATA ?? join(import.meta.dirname, '../../../shared/data');

export const hasTestData = existsSync(root);

/** Why a suite is skipped, for its name. */
export const withoutTestData = `needs the shared test data (set SAGITTA_TEST_DATA): not found`;

/** Absolute path of a file in the shared test data, e.g. `nifti/mra/chris_MRA.nii.gz`. */
export function testData(path: string): string {
  return join(root, path);
}
