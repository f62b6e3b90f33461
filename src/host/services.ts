/**
 * @file What the host offers, by area: `api/` puts it behind the contract, the command line calls parts of it.
 * Methods answer with the contract's own types; binary bodies are streams. No service knows HTTP, none loads the engine.
 */
import type { Readable } from 'node:stream';
import type { Preferences } from '../contract/devices.ts';
import type { HostEvent } from '../contract/events.ts';
import type { ExportOptions, ExportPlan, ExportResult } from '../contract/exports.ts';
import type { ImportId, JobId, PredictionId, RunId, VolumeId } from '../contract/ids.ts';
import type { ImportItem, ImportProposal } from '../contract/imports.ts';
import type { DeviceRow } from '../contract/jobs.ts';
import type { Change, Library } from '../contract/library.ts';
import type { PluginList } from '../contract/plugins.ts';
import type { Prediction } from '../contract/predictions.ts';
import type { AppInfo, Project, RecentProject } from '../contract/projects.ts';
import type { Check, JobSummary, PredictRequest, TrainRequest } from '../contract/queue.ts';
import type { RunCurves, RunSummary } from '../contract/runs.ts';
import type { VolumeInfo } from '../contract/volumes.ts';

/** How services tell the windows; never waits, never throws. */
export type Publish = (event: HostEvent) => void;

/** A body of known length. */
export interface Bytes {
  readonly stream: Readable;
  readonly sizeBytes: number;
}

export interface LibraryService {
  list(): Promise<Library>;
  remove(ids: readonly VolumeId[]): Promise<Change>;
  renameSubject(names: { from: string; to: string }): Promise<Change>;
  nameLabels(names: Readonly<Record<string, string>>): Promise<Change>;
  undo(): Promise<Change | null>;
  redo(): Promise<Change | null>;
  /** The file of a volume of this project: image, label or predicted map. Throws VOLUME_UNKNOWN for anything else. */
  fileOf(id: VolumeId): Promise<string>;
}

export interface ImportService {
  begin(): Promise<{ id: ImportId }>;
  beginWithPaths(paths: readonly string[]): Promise<{ id: ImportId }>;
  /** One file that a browser sends; `path` is relative, as dropped. Throws IMPORT_PATH, IMPORT_TOO_LARGE. */
  receive(id: ImportId, file: { path: string; body: Readable }): Promise<void>;
  inspect(id: ImportId): Promise<ImportProposal>;
  take(
    id: ImportId,
    items: readonly Pick<ImportItem, 'path' | 'role' | 'subject' | 'name' | 'rater'>[],
  ): Promise<Change>;
  discard(id: ImportId): Promise<void>;
}

export interface VolumeService {
  describe(id: VolumeId): Promise<VolumeInfo>;
  /** Stored voxels of one time point, all components, x fastest, little-endian, in the type that `describe` names. */
  voxels(id: VolumeId, timePoint: number): Promise<Bytes>;
  /** Keeps a correction as that rater's label map of the image. `voxels` has the image's grid. */
  saveLabel(label: { image: VolumeId; rater: string; voxels: Uint8Array | Uint16Array }): Promise<Change>;
}

export interface QueueService {
  list(): Promise<JobSummary[]>;
  checkTraining(request: TrainRequest): Promise<Check[]>;
  train(request: TrainRequest): Promise<JobSummary>;
  predict(request: PredictRequest): Promise<JobSummary>;
  pause(id: JobId): Promise<JobSummary>;
  resume(id: JobId): Promise<JobSummary>;
  cancel(id: JobId): Promise<JobSummary>;
  dismiss(id: JobId): Promise<void>;
  log(id: JobId): Promise<{ at: string; text: string }[]>;
  /** Whether a worker runs or is about to. */
  isBusy(): boolean;
  /** Pauses what runs and waits until the workers are gone. */
  close(): Promise<void>;
}

export interface RunService {
  list(): Promise<RunSummary[]>;
  curves(id: RunId): Promise<RunCurves>;
  /** PNG of an epoch's validation. Throws RUN_UNKNOWN, PICTURE_MISSING. */
  picture(id: RunId, epoch: number): Promise<Bytes>;
  rename(id: RunId, name: string): Promise<RunSummary>;
  remove(id: RunId): Promise<void>;
}

export interface PredictionService {
  list(): Promise<Prediction[]>;
  remove(id: PredictionId): Promise<void>;
}

export interface ExportService {
  plan(options: ExportOptions): Promise<ExportPlan>;
  write(options: ExportOptions): Promise<ExportResult>;
  /** A file of the project's exports/. Throws EXPORT_UNKNOWN. */
  file(path: string): Promise<Bytes & { name: string }>;
}

/** All of one open project. */
export interface ProjectServices {
  readonly library: LibraryService;
  readonly imports: ImportService;
  readonly volumes: VolumeService;
  readonly queue: QueueService;
  readonly runs: RunService;
  readonly predictions: PredictionService;
  readonly exports: ExportService;
  /** Name, counts, folder, as now. */
  describe(): Promise<Project>;
  rename(name: string): Promise<Project>;
  /** Pauses jobs, closes the index, gives the lock back. */
  close(): Promise<void>;
}

/** Of the host as a whole. */
export interface Services {
  info(): Promise<AppInfo>;
  recent(): Promise<RecentProject[]>;
  forget(folder: string): Promise<void>;
  create(options: { name: string; parent?: string | undefined }): Promise<Project>;
  open(folder: string): Promise<Project>;
  openSample(): Promise<Project>;
  close(): Promise<void>;
  browse(folder?: string): Promise<{
    folder: string;
    parent: string | null;
    folders: { name: string; folder: string; isProject: boolean }[];
  }>;
  /** Throws PROJECT_NONE when none is open. */
  current(): ProjectServices;
  plugins(): Promise<PluginList>;
  setPluginEnabled(id: string, isEnabled: boolean): Promise<PluginList>;
  devices(): Promise<DeviceRow[]>;
  preferences(): Promise<Preferences>;
  setPreferences(preferences: Preferences): Promise<Preferences>;
  /** Events after `lastId` when they are still known, else `reset` first; then news as it comes, until the signal. */
  events(lastId: string | undefined, signal: AbortSignal): AsyncIterable<{ id: string; event: HostEvent }>;
}
