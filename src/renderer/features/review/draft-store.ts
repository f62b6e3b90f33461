/** @file Drafts of corrections in this browser's own database: they outlive a reload and a crash, and end when the correction is saved or thrown away. */
import type { VolumeId } from '../../../contract/ids.ts';
import type { LabelClass } from '../../viewer/types.ts';

export interface Draft {
  /** Of the project, and of the image that is corrected. */
  readonly project: string;
  readonly image: VolumeId;
  /** What editing started from, and in words. */
  readonly sourceId: VolumeId | null;
  readonly sourceLabel: string;
  readonly classes: readonly LabelClass[];
  readonly activeValue: number;
  readonly dims: readonly [number, number, number];
  /** As {@link encodeRuns} makes them. */
  readonly runs: Uint32Array<ArrayBuffer>;
  /** ISO 8601. */
  readonly keptAt: string;
}

const databaseName = 'sagitta';
const storeName = 'drafts';

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

let opening: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
  if (opening === undefined) {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () =>
      request.result.createObjectStore(storeName, { keyPath: ['project', 'image'] });
    opening = answered(request);
    opening.catch(() => {
      opening = undefined;
    });
  }
  return opening;
}

async function store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  return (await database()).transaction(storeName, mode).objectStore(storeName);
}

/** In place of an earlier one of the same image. */
export async function keepDraft(draft: Draft): Promise<void> {
  await answered((await store('readwrite')).put(draft));
}

export async function findDraft(project: string, image: VolumeId): Promise<Draft | undefined> {
  return (await answered((await store('readonly')).get([project, image]))) as Draft | undefined;
}

export async function dropDraft(project: string, image: VolumeId): Promise<void> {
  await answered((await store('readwrite')).delete([project, image]));
}

/** Images of a project that have drafts. */
export async function listDrafts(project: string): Promise<VolumeId[]> {
  const range = IDBKeyRange.bound([project, ''], [project, '\uffff']);
  const keys = await answered((await store('readonly')).getAllKeys(range));
  return keys.map((key) => (key as [string, VolumeId])[1]);
}
