/** @file The host as an HTTP server: on loopback for a browser, or on a private socket for the desktop shell. One place for each kind of request. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { paths } from '../../contract/contract.ts';
import type { Services } from '../services.ts';
import { binaryRoutes, sendJson } from './binary-routes.ts';
import { doorPage } from './door-page.ts';
import { reportFor, statusFor } from './errors.ts';
import { type Guard, makeGuard, type Refusal } from './guard.ts';
import { listen, type Place } from './listen.ts';
import { makeRpc } from './rpc.ts';
import { securityHeaders } from './security-headers.ts';
import { openStaticFiles } from './static-files.ts';

const builtWindow = join(import.meta.dirname, '../../../build/out/renderer');

/** Of a body, between two pieces of it. */
const mostSilenceMs = 60_000;

export interface ServeOptions {
  readonly services: Services;
  /** One line for each request that was refused and each fault of ours. Never a name, a token or a query. */
  readonly log: (entry: { event: string; [field: string]: unknown }) => void;
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

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly url: URL;
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

  /** Whether the request is answered already, or refused. */
  function stoppedAtTheDoor(exchange: Exchange): boolean {
    if (guard === undefined) return false;
    const refusal = guard.checkHost(exchange.request);
    if (refusal === undefined && redeemed(guard, exchange)) return true;
    const reason = refusal ?? guard.check(exchange.request);
    if (reason === undefined) return false;
    const { method, url } = exchange;
    log({
      event: 'refused',
      status: reason.status,
      method,
      path: url.pathname.slice(0, 200),
      reason: reason.reason,
    });
    refuse(exchange, reason);
    return true;
  }

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
      if (!stoppedAtTheDoor(exchange)) await respond(exchange);
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
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
  socket.setTimeout(mostSilenceMs);
  // After the answer, the server counts the silence of a kept connection with the same clock.
  request.once('end', () => response.writableFinished || socket.setTimeout(0));
}

/** The printed address: its token becomes a session, and the page is loaded anew without it. */
function redeemed(guard: Guard, { response, method, url }: Exchange): boolean {
  const token = url.searchParams.get('token');
  if (token === null || url.pathname !== '/' || method !== 'GET') return false;
  const cookie = guard.redeem(token);
  if (cookie === undefined) return false;
  response.writeHead(303, { location: '/', 'set-cookie': cookie, 'cache-control': 'no-store' }).end();
  return true;
}

/** A person who opens the page gets something to read, anything else gets data. */
function refuse({ request, response, method, url }: Exchange, { status, reason }: Refusal): void {
  if (method === 'GET' && url.pathname === '/' && request.headers.accept?.includes('text/html')) {
    response
      .writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
      .end(doorPage());
    return;
  }
  const hint = 'Open the address that "sagitta serve" prints when it starts; it works once.';
  sendJson(response, status, { code: 'HOST_REFUSED', message: `The host refuses: ${reason}.`, hint });
}

function notFound(response: ServerResponse): void {
  sendJson(response, 404, { code: 'NOT_FOUND', message: 'There is nothing at this address.' });
}
