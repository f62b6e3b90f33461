/** @file Volumes of a project for the viewer: facts, voxels as bytes, and corrections as label maps. */
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { VolumeId } from '../../contract/ids.ts';
import type { Change, ImageEntry, Library } from '../../contract/library.ts';
import type { VolumeInfo } from '../../contract/volumes.ts';
import { spacingOf } from '../../imaging/geometry/affine.ts';
import { orientationLetters } from '../../imaging/geometry/orientation.ts';
import type { Grid } from '../../imaging/grid.ts';
import { rangeOf } from '../../imaging/info.ts';
import { intensityWindow } from '../../imaging/intensity-window.ts';
import { looksLikeLabels } from '../../imaging/looks-like-labels.ts';
import { writeVolume } from '../../imaging/node/save.ts';
import { timePointPieces } from '../../imaging/time-point.ts';
import { type Volume, voxelCount } from '../../imaging/volume.ts';
import { bytesOf } from '../../imaging/voxel-type.ts';
import { newChangeId, trashOf } from '../library/changes.ts';
import { volumeUnknown } from '../library/errors.ts';
import type { ProjectLibrary } from '../library/library.ts';
import { placeOf } from '../library/scan.ts';
import type { Step } from '../library/step.ts';
import { checkName, nameKey } from '../project/file-name.ts';
import { type ProjectFolder, projectPaths } from '../project/project-folder.ts';
import type { VolumeService } from '../services.ts';
import { labelSizeDiffers, timePointMissing } from './errors.ts';
import { VolumeCache } from './volume-cache.ts';

export interface ProjectVolumes extends VolumeService {
  /** Lets go of the volumes that are kept in memory. */
  close(): void;
}

/** Facts that take a look at every voxel; by file, with the stamp of the file they were computed from. */
type Computed = Pick<VolumeInfo, 'range' | 'window' | 'looksLikeLabels'>;

const pieceBytes = 1 << 20;

export function makeVolumes({
  project,
  library,
  cacheBytes,
}: {
  project: ProjectFolder;
  library: ProjectLibrary;
  cacheBytes?: number;
}): ProjectVolumes {
  const cache = new VolumeCache(cacheBytes);
  const computed = new Map<string, { stamp: string; facts: Computed }>();

  async function describe(id: VolumeId): Promise<VolumeInfo> {
    const file = await library.fileOf(id);
    const { volume, sizeBytes, stamp } = await cache.read(file);
    let known = computed.get(file);
    if (known?.stamp !== stamp) {
      known = { stamp, facts: computeFacts(volume) };
      computed.set(file, known);
    }
    return { id, name: basename(file), ...storedFacts(volume), sizeBytes, ...known.facts };
  }

  async function voxels(id: VolumeId, timePoint: number) {
    const file = await library.fileOf(id);
    const { volume } = await cache.read(file);
    const { timePoints } = volume;
    if (!Number.isInteger(timePoint) || timePoint < 0 || timePoint >= timePoints)
      throw timePointMissing({ file, timePoint, timePoints });
    const pieces = timePointPieces(volume, timePoint).map(bytesOf);
    const sizeBytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
    return { stream: Readable.from(cut(pieces), { objectMode: false }), sizeBytes };
  }

  async function saveLabel(label: Parameters<VolumeService['saveLabel']>[0]): Promise<Change> {
    const rater = checkName(label.rater);
    const { dims, rasFromIjk } = library.gridOf(label.image);
    const expected = voxelCount(dims);
    if (label.voxels.length !== expected)
      throw labelSizeDiffers({ file: label.image, expected, found: label.voxels.length });
    const id = newChangeId();
    const staged = `${projectPaths.incoming}/${id}`;
    const { subject, image } = findImage(await library.list(), label.image);
    const place = `${placeOf.label(subject, image.name, rater)}.nii.gz`;
    try {
      await writeVolume(
        project.path(`${staged}/new/${place}`),
        labelVolume(label.voxels, { dims, rasFromIjk }),
      );
      return await library.change((current) => {
        const now = findImage(current, label.image);
        const before = now.image.labels.filter((entry) => nameKey(entry.rater) === nameKey(rater));
        const steps: Step[] = before.map(({ id: path }) => ({
          kind: 'move',
          from: path,
          to: `${trashOf(id)}/old/${path}`,
        }));
        steps.push({ kind: 'move', from: `${trashOf(id)}/new/${place}`, to: place });
        const verb = before.length > 0 ? 'Changed' : 'Drew';
        return { id, text: `${verb} the label map of ${now.subject} by ${rater}`, steps, staged };
      });
    } finally {
      // Gone already when all went well.
      await rm(project.path(staged), { recursive: true, force: true });
    }
  }

  return {
    describe,
    voxels,
    saveLabel,
    close: () => {
      cache.clear();
      computed.clear();
    },
  };
}

function labelVolume(data: Uint8Array | Uint16Array, { dims, rasFromIjk }: Grid): Volume {
  return {
    data,
    dtype: data instanceof Uint16Array ? 'uint16' : 'uint8',
    dims,
    timePoints: 1,
    components: 1,
    spacingMm: spacingOf(rasFromIjk),
    timeStepS: 0,
    rasFromIjk,
    slope: 1,
    intercept: 0,
  };
}

/** Throws VOLUME_UNKNOWN for what is no image. */
function findImage({ subjects }: Library, id: VolumeId): { subject: string; image: ImageEntry } {
  for (const { name, images } of subjects) {
    const image = images.find((entry) => entry.id === id);
    if (image !== undefined) return { subject: name, image };
  }
  throw volumeUnknown({ id });
}

function storedFacts(volume: Volume): Omit<VolumeInfo, 'id' | 'name' | 'sizeBytes' | keyof Computed> {
  const { dims, spacingMm, rasFromIjk, dtype, slope, intercept } = volume;
  return {
    format: volume.format ?? 'none',
    dims: [...dims],
    spacingMm: [...spacingMm],
    rasFromIjk: [[...rasFromIjk[0]], [...rasFromIjk[1]], [...rasFromIjk[2]], [...rasFromIjk[3]]],
    orientation: orientationLetters(rasFromIjk),
    dtype: dtype === 'int64' || dtype === 'uint64' ? 'float64' : dtype,
    slope,
    intercept,
    timePoints: volume.timePoints,
    timeStepS: volume.timeStepS,
    components: volume.components,
    componentKind: volume.componentKind ?? null,
  };
}

/** Of the first time point; colours and vectors are judged by their first component. */
function computeFacts(volume: Volume): Computed {
  const pieces = timePointPieces(volume, 0);
  const ends = pieces.map((data) => rangeOf(scalar(volume, data))).filter(({ min }) => min !== null);
  const least = Math.min(...ends.map(({ min }) => min ?? 0));
  const most = Math.max(...ends.map(({ max }) => max ?? 0));
  const isLabels = volume.components === 1 && looksLikeLabels(pieces[0]!, volume);
  return {
    range: ends.length === 0 ? null : [least, most],
    window: isLabels ? [0, most] : toPair(intensityWindow(pieces[0]!, volume)),
    looksLikeLabels: isLabels,
  };
}

function scalar(volume: Volume, data: Volume['data']): Volume {
  const dtype = data instanceof Float64Array ? 'float64' : volume.dtype;
  return { ...volume, data, dtype, timePoints: 1, components: 1, componentKind: undefined };
}

function toPair(window: readonly [number, number] | null): [number, number] | null {
  return window === null ? null : [window[0], window[1]];
}

function* cut(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += pieceBytes) yield piece.subarray(at, at + pieceBytes);
}
