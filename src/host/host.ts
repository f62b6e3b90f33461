/** @file The host: at most one open project, the person's preferences, plugins, devices, and the news of all of them. */
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { appVersion } from '../base/node/app-version.ts';
import { systemErrorCode } from '../base/node/system-error.ts';
import { makeSerial } from '../base/serial.ts';
import type { DeviceRow } from '../contract/jobs.ts';
import type { PluginList } from '../contract/plugins.ts';
import type { Project } from '../contract/projects.ts';
import { browseFolder } from './browse.ts';
import { pluginUnknown, projectBusy, projectNone } from './errors.ts';
import { EventLog } from './event-log.ts';
import { homeFolder, openHome } from './home.ts';
import { runJob } from './jobs/run-job.ts';
import { makeSample, sampleLabelNames } from './jobs/sample.ts';
import { openProjectServices } from './open-project.ts';
import { listPlugins } from './plugins/plugins.ts';
import { createProject, isProject, openProject, type ProjectFolder } from './project/project-folder.ts';
import type { ProjectServices, Services } from './services.ts';

const mostRecent = 20;
const sampleName = 'Sample study';

export interface HostOptions {
  /** Where preferences lie; the system's place when absent. */
  readonly home?: string;
  /** Told when the preferences could not be read and begin anew, with where the old ones are now. */
  readonly onHomeSetAside?: (file: string) => void;
}

export async function openHost({
  home: folder = homeFolder(),
  onHomeSetAside,
}: HostOptions = {}): Promise<Services> {
  const home = await openHome(folder);
  if (home.setAside !== undefined) onHomeSetAside?.(home.setAside);
  const log = new EventLog();
  const serial = makeSerial();
  const projectsFolder = join(homedir(), 'Sagitta');
  let current: ProjectServices | undefined;
  let devices: Promise<DeviceRow[]> | undefined;

  async function plugins(): Promise<PluginList> {
    const found = await listPlugins();
    const off = new Set(home.record.disabledPlugins);
    return {
      plugins: found
        .filter((plugin) => 'manifest' in plugin)
        .map(({ manifest, version, license }) => ({
          manifest,
          version,
          license,
          origin: 'built-in' as const,
          isEnabled: !off.has(manifest.id),
        })),
      broken: found.filter((plugin) => 'error' in plugin),
    };
  }

  async function closeCurrent(): Promise<void> {
    const closing = current;
    current = undefined;
    await closing?.close();
  }

  /** Opens first and closes after, so that a project that cannot be opened leaves the present one as it is. */
  async function switchTo(open: () => Promise<ProjectFolder>): Promise<Project> {
    if (current?.queue.isBusy()) throw projectBusy({ name: (await current.describe()).name });
    const next = await openProjectServices(await open(), { publish: log.publish, listPlugins: plugins });
    await closeCurrent();
    current = next;
    const project = await next.describe();
    await remember(project);
    log.publish({ type: 'project', project });
    return project;
  }

  async function remember({ name, folder }: Project): Promise<void> {
    const entry = { name, folder, openedAt: new Date().toISOString() };
    await home.change((record) => ({
      ...record,
      recent: [entry, ...record.recent.filter((other) => other.folder !== folder)].slice(0, mostRecent),
    }));
  }

  /** The present project as it is when it is the one that is asked for. */
  async function openFolder(folder: string): Promise<Project> {
    const described = await current?.describe();
    if (described?.folder === resolve(folder)) return described;
    return switchTo(() => openProject(folder));
  }

  async function makeSampleProject(folder: string): Promise<ProjectFolder> {
    const project = await createProject({ folder, name: sampleName });
    try {
      await makeSample({ project });
      await project.setLabelNames(sampleLabelNames);
      return project;
    } catch (error) {
      await project.close();
      throw error;
    }
  }

  return {
    info: async () => ({
      version: appVersion(),
      node: process.version,
      platform: process.platform,
      projectsFolder,
      project: (await current?.describe()) ?? null,
    }),
    recent: () =>
      Promise.all(
        home.record.recent.map(async (entry) => ({ ...entry, exists: await isThere(entry.folder) })),
      ),
    forget: (folder) =>
      home.change((record) => ({
        ...record,
        recent: record.recent.filter((entry) => entry.folder !== folder),
      })),
    create: ({ name, parent = projectsFolder }) =>
      serial(() => switchTo(() => createProject({ folder: join(parent, name), name }))),
    open: (folder) => serial(() => openFolder(folder)),
    openSample: () =>
      serial(async () => {
        const folder = join(projectsFolder, sampleName);
        return (await isProject(folder)) ? openFolder(folder) : switchTo(() => makeSampleProject(folder));
      }),
    close: () =>
      serial(async () => {
        await closeCurrent();
        log.publish({ type: 'project', project: null });
      }),
    browse: browseFolder,
    current() {
      if (current === undefined) throw projectNone();
      return current;
    },
    plugins,
    async setPluginEnabled(id, isEnabled) {
      const list = await plugins();
      const known = list.plugins.map(({ manifest }) => manifest.id);
      if (!known.includes(id)) throw pluginUnknown({ id, known });
      await home.change((record) => {
        const others = record.disabledPlugins.filter((other) => other !== id);
        return { ...record, disabledPlugins: isEnabled ? others : [...others, id] };
      });
      return plugins();
    },
    devices() {
      devices ??= runJob({ kind: 'devices' });
      // A measurement that failed is tried again when it is asked for again.
      devices.catch(() => {
        devices = undefined;
      });
      return devices;
    },
    preferences: () => Promise.resolve(home.record.preferences),
    async setPreferences(preferences) {
      await home.change((record) => ({ ...record, preferences }));
      return preferences;
    },
    events: (lastId, signal) => log.listen(lastId, signal),
  };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return false;
  }
}
