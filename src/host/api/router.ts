/** @file The contract's calls, each handed to its service. No logic of its own; errors are turned into reports behind it (rpc.ts). */
import { implement, withEventMeta } from '@orpc/server';
import { contract } from '../../contract/contract.ts';
import type { Services } from '../services.ts';

export function makeRouter(services: Services) {
  const api = implement(contract);
  const project = () => services.current();
  return api.router({
    projects: {
      info: api.projects.info.handler(() => services.info()),
      recent: api.projects.recent.handler(() => services.recent()),
      forget: api.projects.forget.handler(({ input }) => services.forget(input.folder)),
      create: api.projects.create.handler(({ input }) => services.create(input)),
      open: api.projects.open.handler(({ input }) => services.open(input.folder)),
      openSample: api.projects.openSample.handler(() => services.openSample()),
      rename: api.projects.rename.handler(({ input }) => project().rename(input.name)),
      close: api.projects.close.handler(() => services.close()),
      browse: api.projects.browse.handler(({ input }) => services.browse(input.folder)),
    },
    library: {
      list: api.library.list.handler(() => project().library.list()),
      remove: api.library.remove.handler(({ input }) => project().library.remove(input.ids)),
      renameSubject: api.library.renameSubject.handler(({ input }) => project().library.renameSubject(input)),
      nameLabels: api.library.nameLabels.handler(({ input }) => project().library.nameLabels(input.names)),
      undo: api.library.undo.handler(() => project().library.undo()),
      redo: api.library.redo.handler(() => project().library.redo()),
    },
    imports: {
      begin: api.imports.begin.handler(() => project().imports.begin()),
      beginWithPaths: api.imports.beginWithPaths.handler(({ input }) =>
        project().imports.beginWithPaths(input.paths),
      ),
      inspect: api.imports.inspect.handler(({ input }) => project().imports.inspect(input.id)),
      take: api.imports.take.handler(({ input }) => project().imports.take(input.id, input.items)),
      discard: api.imports.discard.handler(({ input }) => project().imports.discard(input.id)),
    },
    volumes: {
      describe: api.volumes.describe.handler(({ input }) => project().volumes.describe(input.id)),
    },
    plugins: {
      list: api.plugins.list.handler(() => services.plugins()),
      setEnabled: api.plugins.setEnabled.handler(({ input }) =>
        services.setPluginEnabled(input.id, input.isEnabled),
      ),
    },
    queue: {
      list: api.queue.list.handler(() => project().queue.list()),
      checkTraining: api.queue.checkTraining.handler(({ input }) => project().queue.checkTraining(input)),
      train: api.queue.train.handler(({ input }) => project().queue.train(input)),
      predict: api.queue.predict.handler(({ input }) => project().queue.predict(input)),
      pause: api.queue.pause.handler(({ input }) => project().queue.pause(input.id)),
      resume: api.queue.resume.handler(({ input }) => project().queue.resume(input.id)),
      cancel: api.queue.cancel.handler(({ input }) => project().queue.cancel(input.id)),
      dismiss: api.queue.dismiss.handler(({ input }) => project().queue.dismiss(input.id)),
      log: api.queue.log.handler(({ input }) => project().queue.log(input.id)),
    },
    runs: {
      list: api.runs.list.handler(() => project().runs.list()),
      curves: api.runs.curves.handler(({ input }) => project().runs.curves(input.id)),
      rename: api.runs.rename.handler(({ input }) => project().runs.rename(input.id, input.name)),
      remove: api.runs.remove.handler(({ input }) => project().runs.remove(input.id)),
    },
    predictions: {
      list: api.predictions.list.handler(() => project().predictions.list()),
      remove: api.predictions.remove.handler(({ input }) => project().predictions.remove(input.id)),
    },
    exports: {
      plan: api.exports.plan.handler(({ input }) => project().exports.plan(input)),
      write: api.exports.write.handler(({ input }) => project().exports.write(input)),
    },
    devices: {
      list: api.devices.list.handler(() => services.devices().then((rows) => rows.map(plain))),
      preferences: api.devices.preferences.handler(() => services.preferences()),
      setPreferences: api.devices.setPreferences.handler(({ input }) => services.setPreferences(input)),
    },
    events: {
      stream: api.events.stream.handler(async function* ({ lastEventId, signal }) {
        const stop = signal ?? new AbortController().signal;
        for await (const { id, event } of services.events(lastEventId, stop))
          yield withEventMeta(event, { id });
      }),
    },
  });
}

/** The contract's arrays can be written to, the services' cannot. */
function plain<T extends { readonly features: readonly string[] }>(row: T): T & { features: string[] } {
  return { ...row, features: [...row.features] };
}
