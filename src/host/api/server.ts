/** @file The host as an HTTP server: on loopback for a browser, or on a private socket for the desktop shell. One place for each kind of request. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node';
import { paths } from '../../contract/contract.ts';
import type { Services } from '../services.ts';
import { binaryRoutes, sendJson } from './binary-routes.ts';
import { reportFor } from './errors.ts';
import { type Guard, makeGuard } from './guard.ts';
import { makeRouter } from './router.ts';
import { openStaticFiles } from './static-files.ts';

const builtWindow = join(import.meta.dirname, '../../../build/out/renderer');

/** JSON calls are small: the largest lists the paths of a drop. */
const mostCallBytes = 16e6;

const securityHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "font-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

export interface ServeOptions {
  readonly services: Services;
  /** One line for each request that was refused and each fault of ours. Never a name, a token or a query. */
  readonly log: (entry: { event: string; [field: string]: unknown }) => void;
  /** Where to listen. On the socket whoever can reach it is trusted. */
  readonly at: { readonly port: number } | { readonly socket: string };
}

export interface HostServer {
  /** With the token, for the person to open; undefined on a socket. */
  readonly url: string | undefined;
  close(): Promise<void>;
}

export async function serveHost({ services, log, at }: ServeOptions): Promise<HostServer> {
  const guard = 'port' in at ? makeGuard() : undefined;
  const handle = await makeHandler({ services, log, guard });
  const server = createServer((request, response) => void handle(request, response));
  // Bodies may take long (a gigabyte through a tunnel), headers may not.
  server.headersTimeout = 15_000;
  server.requestTimeout = 0;
  await listen(server, at);
  const url = guard && `http://127.0.0.1:${(server.address() as AddressInfo).port}/?token=${guard.token}`;
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, at: ServeOptions['at']): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const done = () => resolve();
    if ('port' in at) server.listen(at.port, '127.0.0.1', done);
    else server.listen(at.socket, done);
  });
}

type Parts = Pick<ServeOptions, 'services' | 'log'> & { readonly guard: Guard | undefined };

async function makeHandler({ services, log, guard }: Parts) {
  const files = await openStaticFiles(builtWindow);
  const routes = binaryRoutes(services);
  const rpc = new RPCHandler(makeRouter(services), {
    plugins: [new BodyLimitPlugin({ maxBodySize: mostCallBytes })],
  });
  const onBug = (error: unknown) =>
    log({ event: 'bug', stack: error instanceof Error ? error.stack : String(error) });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    const method = request.method ?? 'GET';
    const url = new URL(request.url ?? '/', 'http://host');
    if (guard !== undefined && redeemed(guard, url, { request, response })) return;
    const refusal = guard?.check(request);
    if (refusal !== undefined) {
      log({ event: 'refused', status: refusal.status, method, path: url.pathname, reason: refusal.reason });
      refuse(response, refusal);
      return;
    }
    if (url.pathname.startsWith(`${paths.rpc}/`)) {
      const { matched } = await rpc.handle(request, response, { prefix: paths.rpc, context: { onBug } });
      if (!matched) notFound(response);
      return;
    }
    const route = routes.get(`${method} ${url.pathname}`);
    if (route !== undefined) await route({ request, response, query: url.searchParams });
    else if (method !== 'GET' && method !== 'HEAD')
      sendJson(response, 405, { code: 'METHOD', message: 'No such call.' });
    else if (!(await files.send(url.pathname, response, { headOnly: method === 'HEAD' }))) notFound(response);
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await respond(request, response);
    } catch (error) {
      // The other side went away while we were answering: nobody to tell.
      if (response.destroyed || request.destroyed) return;
      const report = reportFor(error, onBug);
      if (response.headersSent) response.destroy();
      else sendJson(response, report.code === 'BUG' ? 500 : 422, report);
    }
  };
}

/** The printed address: its token becomes a session, and the page is loaded anew without it. */
function redeemed(
  guard: Guard,
  url: URL,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): boolean {
  const token = url.searchParams.get('token');
  if (token === null || url.pathname !== '/' || request.method !== 'GET') return false;
  const cookie = guard.redeem(token);
  if (cookie === undefined) return false;
  response.writeHead(303, { location: '/', 'set-cookie': cookie, 'cache-control': 'no-store' }).end();
  return true;
}

function refuse(response: ServerResponse, { status, reason }: { status: number; reason: string }): void {
  const hint = 'Open the address that `sagitta serve` prints when it starts; it works once.';
  sendJson(response, status, { code: 'HOST_REFUSED', message: `The host refuses: ${reason}.`, hint });
}

function notFound(response: ServerResponse): void {
  sendJson(response, 404, { code: 'NOT_FOUND', message: 'There is nothing at this address.' });
}
