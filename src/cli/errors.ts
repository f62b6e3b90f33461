/** @file Wrong use of the command line. */
import { UserError } from '../base/errors.ts';

/** Exit code 2. */
export function usageError(fields: { what: string; field?: string; next: string }): UserError {
  return new UserError({ code: 'USAGE', ...fields });
}
