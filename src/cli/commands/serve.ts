/** @file `sagitta serve`: the host and its window, for a browser on this machine (or at the near end of an SSH tunnel), or for the desktop shell. */
import { chmod, rm } from 'node:fs/promises';
import { serveHost } from '../../host/api/server.ts';
import { openHost } from '../../host/host.ts';
import type { Command } from '../command.ts';

export const serve: Command = {
  name: 'serve',
  summary: 'Serve the window to a browser, on this machine only.',
  usage: '',
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
    const port = args.integer('port', { min: 0, max: 65_535 }) ?? 0;
    const socket = args.text('socket');
    const project = args.text('project');
    const services = await openHost();
    const log = (entry: object) => process.stderr.write(`${JSON.stringify(entry)}\n`);
    if (socket !== undefined && process.platform !== 'win32') await rm(socket, { force: true });
    const server = await serveHost({ services, log, at: socket === undefined ? { port } : { socket } });
    if (socket !== undefined && process.platform !== 'win32') await chmod(socket, 0o600);
    try {
      if (project !== undefined) await services.open(project);
      announce(server.url, output.json);
      await stopped(signal);
    } finally {
      await services.close();
      await server.close();
    }
    return undefined;
  },
};

/** The one line that others wait for. */
function announce(url: string | undefined, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify({ type: 'ready', ...(url !== undefined && { url }) })}\n`);
  else if (url !== undefined)
    process.stdout.write(
      `Open ${url}\nThe address works once. Ctrl-C ends Sagitta; training is paused first.\n`,
    );
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
