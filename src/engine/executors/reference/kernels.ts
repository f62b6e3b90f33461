/** @file The readable definition of every op: one total table, made of one table a family. */
import type { Op } from '../../graph/ops.ts';
import { convolutionKernels } from './convolutions.ts';
import { elementwiseKernels } from './elementwise.ts';
import { gridSampleKernels } from './grid-sample.ts';
import { leafKernels } from './leaves.ts';
import { movementKernels } from './movement.ts';
import { normKernels } from './norms.ts';
import { reductionKernels } from './reductions.ts';
import type { Kernels } from './values.ts';
import { windowKernels } from './windows.ts';

export const kernels: Kernels<Exclude<Op, 'input' | 'variable'>> = {
  ...leafKernels,
  ...elementwiseKernels,
  ...reductionKernels,
  ...convolutionKernels,
  ...windowKernels,
  ...gridSampleKernels,
  ...normKernels,
  ...movementKernels,
};
