/** @file All services of one project, put together. */
import { makeExports } from './exports/exports.ts';
import { makeImports } from './imports/imports.ts';
import { makeQueue, type QueueOptions } from './jobs/queue.ts';
import { makeLibrary } from './library/library.ts';
import { makePredictions } from './predictions/predictions.ts';
import type { ProjectFolder } from './project/project-folder.ts';
import { makeRuns } from './runs/runs.ts';
import type { ProjectServices } from './services.ts';
import { makeVolumes } from './volumes/volumes.ts';

/** Takes `project` over: it is closed with the services, also when opening them fails. */
export async function openProjectServices(
  project: ProjectFolder,
  { publish, listPlugins }: Pick<QueueOptions, 'publish' | 'listPlugins'>,
): Promise<ProjectServices> {
  const opened: (() => unknown)[] = [() => project.close()];
  const closeAll = async () => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const library = await makeLibrary({ project, publish });
    opened.push(() => library.close());
    const runs = makeRuns({ project, publish });
    const predictions = makePredictions({ project, library, publish });
    const volumes = makeVolumes({ project, library });
    opened.push(() => volumes.close());
    const imports = await makeImports({ project, library });
    const exports = makeExports({ project, library, predictions });
    const queue = await makeQueue({ project, library, runs, predictions, publish, listPlugins });
    opened.push(() => queue.close());
    const describe = async () => {
      const [{ subjects }, list] = await Promise.all([library.list(), runs.list()]);
      const { id, name, folder, createdAt } = project;
      return { id, name, folder, createdAt, subjectCount: subjects.length, runCount: list.length };
    };
    const rename = async (name: string) => {
      await project.rename(name);
      const described = await describe();
      publish({ type: 'project', project: described });
      return described;
    };
    return {
      library,
      imports,
      volumes,
      queue,
      runs,
      predictions,
      exports,
      describe,
      rename,
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
