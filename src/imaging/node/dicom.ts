/** @file DICOM for all who read files: folders to stacks, stacks to volumes. */
export { looksLikeDicom } from '../dicom/data-set.ts';
export { type DicomFolder, findStacks, readStack, stackHeader } from '../dicom/node/series.ts';
export type { Stack } from '../dicom/stacks.ts';
