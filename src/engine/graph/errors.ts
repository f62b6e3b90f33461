/** @file What can be wrong with a graph, in words. A plugin's author reads these. */
import { UserError } from '../../base/errors.ts';
import type { Op } from './ops.ts';

/** A node's inputs do not fit its op; `expected` says what would. */
export function graphShapeMismatch(fields: { op: Op; expected: string; found: string }): UserError {
  return new UserError({
    code: 'GRAPH_SHAPE_MISMATCH',
    what: `${fields.op} expects ${fields.expected}, but got ${fields.found}.`,
    field: fields.op,
    next: 'Check the shapes where this layer or loss is built.',
  });
}

/** The graph breaks a rule that has nothing to do with shapes. */
export function graphIllegal(fields: { what: string; field: string; next?: string }): UserError {
  return new UserError({ code: 'GRAPH_ILLEGAL', ...fields });
}
