/** @file The whole contract between a window and the host: calls and events by area. Binary bodies are described in volumes, imports, runs and exports. */
import { devicesContract } from './devices.ts';
import { eventsContract } from './events.ts';
import { exportsContract } from './exports.ts';
import { importsContract } from './imports.ts';
import { libraryContract } from './library.ts';
import { pluginsContract } from './plugins.ts';
import { predictionsContract } from './predictions.ts';
import { projectsContract } from './projects.ts';
import { queueContract } from './queue.ts';
import { runsContract } from './runs.ts';
import { volumesContract } from './volumes.ts';

export const contract = {
  projects: projectsContract,
  library: libraryContract,
  imports: importsContract,
  volumes: volumesContract,
  plugins: pluginsContract,
  queue: queueContract,
  runs: runsContract,
  predictions: predictionsContract,
  exports: exportsContract,
  devices: devicesContract,
  events: eventsContract,
};

/** All paths of the host's server begin with one of these; anything else is a file of the window itself. */
export const paths = {
  rpc: '/rpc',
  voxels: '/volumes/voxels',
  label: '/volumes/label',
  importFile: '/imports/file',
  runPicture: '/runs/picture',
  exportFile: '/exports/file',
} as const;
