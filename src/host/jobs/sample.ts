/** @file Makes the sample study: phantoms from a worker, placed as subjects of a project. */
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReportProgress } from '../../base/progress.ts';
import { samplePhantoms } from '../../contract/sample.ts';
import { referenceRater } from '../../dataset/subject.ts';
import { placeOf } from '../library/scan.ts';
import { runJob } from './run-job.ts';

/** What the label values of the phantoms are called. */
export const sampleLabelNames: Readonly<Record<string, string>> = { 1: 'vessel' };

const imageName = 'angiogram';

export interface MakeSampleOptions {
  /** To be filled before its library is opened. */
  readonly project: { readonly folder: string };
  readonly signal?: AbortSignal;
  readonly onProgress?: ReportProgress;
}

/** Writes subjects sample-1 … into the project's layout, with label maps by the reference. Subjects of these names are replaced. */
export async function makeSample({ project, signal, onProgress }: MakeSampleOptions): Promise<void> {
  const { count, size, seed } = samplePhantoms;
  await mkdir(join(project.folder, '.sagitta'), { recursive: true });
  // On the project's own disk, so that files are moved and not copied.
  const folder = await mkdtemp(join(project.folder, '.sagitta', 'sample-'));
  try {
    await runJob(
      { kind: 'phantom', out: folder, count, seed, size, raters: 1, oblique: false },
      {
        ...(signal && { signal }),
        onEvent: (event) => event.type === 'progress' && onProgress?.(event),
      },
    );
    await placeSample(project.folder, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Moves phantoms in nnU-Net layout to where the library looks for them. */
async function placeSample(project: string, phantoms: string): Promise<void> {
  for (let number = 1; number <= samplePhantoms.count; number++) {
    const name = `vessels_${String(number).padStart(3, '0')}`;
    const subject = `sample-${number}`;
    const files = [
      [`imagesTr/${name}_0000.nii.gz`, placeOf.image(subject, imageName)],
      [`labelsTr/${name}.nii.gz`, placeOf.label(subject, imageName, referenceRater)],
    ] as const;
    for (const [from, to] of files) {
      const target = join(project, `${to}.nii.gz`);
      await mkdir(join(target, '..'), { recursive: true });
      await rename(join(phantoms, from), target);
    }
  }
}
