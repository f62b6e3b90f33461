/** @file Reads one subject's volumes, checks that they fit, and prepares them for the sampler. */
import { UserError } from '../../base/errors.ts';
import { readVolume } from '../../imaging/node/open.ts';
import { prepare, prepareLabels } from '../../imaging/prepare.ts';
import type { Volume } from '../../imaging/volume.ts';
import type { Preparation } from '../../recipe/preparation.ts';
import { checkSubject, type SubjectVolumes } from '../check.ts';
import type { Notices } from '../notices.ts';
import {
  type ClassValues,
  classMap,
  foregroundLists,
  type PreparedSubject,
  sharedFloats,
} from '../prepared-subject.ts';
import { ratersToLearnFrom, type Subject } from '../subject.ts';

export interface LoadOptions {
  readonly preparation: Preparation;
  readonly classValues: ClassValues;
  readonly notices: Notices;
}

/** Undefined, with a notice, when the subject cannot be used; other subjects are not touched by that. */
export async function loadSubject(
  subject: Subject,
  options: LoadOptions,
): Promise<PreparedSubject | undefined> {
  const volumes = await readVolumes(subject, options.notices);
  if (volumes === undefined || !checkSubject(volumes, options.classValues, options.notices)) return undefined;
  const { images, labels } = volumes;
  const first = images[0]!;
  const channels = images.map((image) => prepare(onGridOf(image, first), options.preparation));
  const { dims, spacingMm } = channels[0]!;
  const maps = [...labels.values()].map((label) =>
    classMap(prepareLabels(onGridOf(label, first), options.preparation).values, options.classValues),
  );
  return {
    id: subject.id,
    dims,
    spacingMm,
    channels: channels.map(({ values }) => intoShared(values)),
    labels: maps,
    foreground: maps.map((map) => foregroundLists(map, options.classValues.length)),
  };
}

/** Affines that agree closely enough are made equal, so that rounding cannot give prepared grids of different size. */
function onGridOf(volume: Volume, { rasFromIjk, spacingMm }: Volume): Volume {
  return { ...volume, rasFromIjk, spacingMm };
}

function intoShared(values: Float32Array): Float32Array {
  const shared = sharedFloats(values.length);
  shared.set(values);
  return shared;
}

async function readVolumes(subject: Subject, notices: Notices): Promise<SubjectVolumes | undefined> {
  try {
    const images: Volume[] = [];
    for (const file of subject.images) images.push(await readVolume(file));
    const labels = new Map<string, Volume>();
    for (const rater of ratersToLearnFrom(subject))
      labels.set(rater, await readVolume(subject.labels[rater]!));
    return { id: subject.id, images, labels };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    notices.add({ code: 'FILE_UNREADABLE', severity: 'unusable', subject: subject.id, text: error.what });
    return undefined;
  }
}
