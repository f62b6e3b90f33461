/** @file The volumes among the DICOM files of an import, however they are spread over folders. */
import { stat } from 'node:fs/promises';
import { findStacks, type Stack, stackHeader } from '../../imaging/node/dicom.ts';
import type { ImportFile } from './limits.ts';
import type { Probed, ProbedVolume } from './probe.ts';

/** Each stack becomes one volume, whose path is the folder of its files and its title. */
export async function probeDicom(files: readonly ImportFile[]): Promise<Probed> {
  if (files.length === 0) return { volumes: [], refused: [] };
  const pathOf = new Map(files.map(({ file, path }) => [file, path]));
  const { stacks, refused } = await findStacks(files.map(({ file }) => file));
  const patients = [...new Set(stacks.map(({ patientKey }) => patientKey))];
  const taken = new Set<string>();
  const volumes: ProbedVolume[] = [];
  for (const stack of stacks) {
    const first = stack.slices[0]![0]!.image.path;
    const folder = pathOf.get(first)!.split('/').slice(0, -1);
    volumes.push({
      path: uniquePath([...folder, stack.title.replaceAll('/', '_')].join('/'), taken),
      file: first,
      header: stackHeader(stack),
      sizeBytes: await sizeOf(stack),
      stack,
      ...(patients.length > 1 && { patient: `patient-${patients.indexOf(stack.patientKey) + 1}` }),
    });
  }
  const errors = refused.map(({ path, error }) => ({
    path: pathOf.get(path)!,
    error: { ...error, file: pathOf.get(path)! },
  }));
  return { volumes, refused: errors };
}

async function sizeOf({ slices }: Stack): Promise<number> {
  const paths = new Set(slices.flatMap((placed) => placed.map(({ image }) => image.path)));
  let sum = 0;
  for (const path of paths) sum += (await stat(path)).size;
  return sum;
}

function uniquePath(path: string, taken: Set<string>): string {
  let unique = path;
  for (let n = 2; taken.has(unique); n++) unique = `${path} (${n})`;
  taken.add(unique);
  return unique;
}
