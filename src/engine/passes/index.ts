/** @file The passes in the order in which they run. Each is graph → graph and leaves the graph's meaning as it was. */
import type { Graph } from '../graph/graph.ts';
import { shareCommonSubexpressions } from './common-subexpressions.ts';
import { foldConstants } from './constant-folding.ts';
import { dropDeadCode } from './dead-code.ts';
import { fuseElementwise } from './elementwise-fusion.ts';
import { fuseNormActivation } from './norm-activation.ts';
import { recomputeCheapValues } from './recompute-cheap.ts';

export interface Pass {
  readonly name: string;
  readonly run: (graph: Graph) => Graph;
}

export const passes: readonly Pass[] = [
  { name: 'drop dead code', run: dropDeadCode },
  { name: 'fold constants', run: foldConstants },
  { name: 'share common subexpressions', run: shareCommonSubexpressions },
  { name: 'fuse norm and activation', run: fuseNormActivation },
  { name: 'drop dead code', run: dropDeadCode },
  { name: 'fuse elementwise', run: fuseElementwise },
  { name: 'drop dead code', run: dropDeadCode },
  { name: 'recompute cheap values', run: recomputeCheapValues },
];

/** Runs all passes; `trace` sees the graph after each (for `--trace` and for the validator in tests). */
export function optimise(graph: Graph, trace?: (name: string, graph: Graph) => void): Graph {
  return passes.reduce((current, pass) => {
    const next = pass.run(current);
    trace?.(pass.name, next);
    return next;
  }, graph);
}
