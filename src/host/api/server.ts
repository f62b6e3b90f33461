/** @file The host as an HTTP server: on loopback for a browser, or on a private socket for the desktop shell. One place for each kind of request. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { paths } from '../../contract/contract.ts';
import type { Services } from '../services.ts';
import { binaryRoutes } from './binary-routes.ts';
import { type Exchange, type Log, passDoor } from './door.ts';
import { reportFor, statusFor } from './errors.ts';
import { type Guard, makeGuard } from './guard.ts';
import { sendJson } from './json.ts';
import { listen, type Place } from './listen.ts';
import { makeRpc } from './rpc.ts';
import { securityHeaders } from './security-headers.ts';
import { openStaticFiles } from './static-files.ts';

const builtWindow = join(import.meta.dirname, '../../../build/out/renderer');

/** Of a body, between two pieces of it. */
const mostSilenceMs = 60_000;

export interface ServeOptions {
  readonly services: Services;
  /** Told of each request that was refused and each fault of ours. */
  readonly log: Log;
  /** Where to listen. On the socket whoever can reach it is trusted. */
  readonly at: Place;
  /** Folder of the built window; this Sagitta's own when absent. */
  readonly window?: string;
}

export interface HostServer {
  /** With the token, for the person to open; undefined on a socket. */
  readonly url: string | undefined;
  close(): Promise<void>;
}

/** Throws PORT_TAKEN, PORT_FORBIDDEN, SOCKET_IN_THE_WAY. */
export async function serveHost(options: ServeOptions): Promise<HostServer> {
  const server = createServer();
  // Bodies may take long (gigabytes through a tunnel), headers may not.
  server.headersTimeout = 15_000;
  server.requestTimeout = 0;
  const port = await listen(server, options.at);
  const guard = port === undefined ? undefined : makeGuard(port);
  // In the same turn as the news that it listens: no request can have come yet.
  server.on('request', makeHandler({ ...options, guard }));
  return {
    url: guard && `http://127.0.0.1:${port}/?token=${guard.token}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function makeHandler({
  services,
  log,
  guard,
  window = builtWindow,
}: ServeOptions & { guard: Guard | undefined }) {
  const files = openStaticFiles(window);
  const routes = binaryRoutes(services);
  const onBug = (error: unknown) =>
    log({ event: 'bug', stack: error instanceof Error ? error.stack : String(error) });
  const answerCall = makeRpc(services, onBug);

  async function respond({ request, response, method, url }: Exchange): Promise<void> {
    const path = url.pathname;
    if (path.startsWith(`${paths.rpc}/`)) {
      if (!(await answerCall(request, response))) notFound(response);
      return;
    }
    const route = routes.get(path);
    const allowed = route?.method ?? 'GET';
    if (method !== allowed && !(method === 'HEAD' && route === undefined)) {
      response.setHeader('allow', route === undefined ? 'GET, HEAD' : allowed);
      sendJson(response, 405, { code: 'METHOD', message: `This address answers ${allowed} only.` });
    } else if (route !== undefined) await route.handle({ request, response, query: url.searchParams });
    else if (!(await files.send(path, response, { headOnly: method === 'HEAD' }))) notFound(response);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    limitSilence(request, response);
    try {
      const url = URL.parse(`http://host${request.url}`);
      if (url === null || !request.url?.startsWith('/')) {
        sendJson(response, 400, { code: 'CALL_MALFORMED', message: 'The address cannot be read.' });
        return;
      }
      const exchange = { request, response, method: request.method ?? 'GET', url };
      if (guard === undefined || (await passDoor(exchange, { guard, log }))) await respond(exchange);
    } catch (error) {
      // The other side went away while we were answering: nobody to tell.
      if (response.destroyed || (request.destroyed && !request.complete)) return;
      const report = reportFor(error, onBug);
      if (response.headersSent) response.destroy();
      else sendJson(response, statusFor(report), report);
    }
  }

  return (request: IncomingMessage, response: ServerResponse) => void answer(request, response);
}

/** Whoever begins to send and falls silent loses the connection; an answer may take as long as it takes. */
function limitSilence(request: IncomingMessage, response: ServerResponse): void {
  const { headers, socket } = request;
  const hasBody = Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
  if (!hasBody) return;
  socket.setTimeout(mostSilenceMs);
  // After the answer, the server counts the silence of a kept connection with the same clock.
  request.once('end', () => response.writableFinished || socket.setTimeout(0));
}

function notFound(response: ServerResponse): void {
  sendJson(response, 404, { code: 'NOT_FOUND', message: 'There is nothing at this address.' });
}
