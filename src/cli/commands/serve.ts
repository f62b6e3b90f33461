/** @file `sagitta serve`: the host and its window, for a browser on this machine (or at the near end of an SSH tunnel), or for the desktop shell. */
import type { Command } from '../command.ts';
import { usageError } from '../errors.ts';

export const serve: Command = {
  name: 'serve',
  summary: 'Serve the window to a browser, on this machine only.',
  usage: '[--port N | --socket PATH] [--project DIR]',
  positionals: { min: 0, max: 0 },
  options: {
    port: { type: 'string', value: 'N', help: 'Port on 127.0.0.1 (default: any that is free).' },
    project: { type: 'string', value: 'DIR', help: 'Open this project at once.' },
    socket: {
      type: 'string',
      value: 'PATH',
      help: 'Listen on a private socket instead, for the desktop window.',
    },
  },
  examples: [
    'sagitta serve',
    'sagitta serve --port 4200 --project studies/vessels',
    'ssh -L 4200:127.0.0.1:4200 workstation sagitta serve --port 4200   # then open the address it prints',
  ],
  async run(args, { output, signal }) {
    if (args.text('socket') !== undefined && args.text('port') !== undefined)
      throw usageError({
        what: '--port and --socket exclude each other.',
        field: '--socket',
        next: 'See: sagitta serve --help',
      });
    const port = args.integer('port', { min: 0, max: 65_535 }) ?? 0;
    const socket = args.text('socket');
    const project = args.text('project');
    const log = (entry: object) => process.stderr.write(`${JSON.stringify(entry)}\n`);
    // Not with the command line's other modules: loading the whole host takes 0.2 s, and no other command needs it.
    const { openHost } = await import('../../host/host.ts');
    const { serveHost } = await import('../../host/api/server.ts');
    const services = await openHost({
      onHomeSetAside: (file) =>
        output.line(
          `The list of recent projects and preferences could not be read and begins anew; it is now ${file}`,
        ),
    });
    try {
      if (project !== undefined) await services.open(project);
      const server = await serveHost({ services, log, at: socket === undefined ? { port } : { socket } });
      announce(server.url, { socket, json: output.json });
      await stopped(signal);
      // First the door, so that no window opens a project while the present one is being closed.
      await server.close();
    } finally {
      await services.close();
    }
    return undefined;
  },
};

/** The one line that others wait for. */
function announce(
  url: string | undefined,
  { socket, json }: { socket: string | undefined; json: boolean },
): void {
  const place = url === undefined ? { socket } : { url };
  const text =
    url === undefined
      ? `Listening on ${socket}\n`
      : `Open ${url}\nThe address works once. Ctrl-C ends Sagitta; training is paused first.\n`;
  process.stdout.write(json ? `${JSON.stringify({ type: 'ready', ...place })}\n` : text);
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
