/** @file A real server on loopback with a home and a window of its own, and ways to speak to it as a browser would, or as one should not. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { type contract, paths } from '../../../src/contract/contract.ts';
import { type HostServer, serveHost } from '../../../src/host/api/server.ts';
import { openHost } from '../../../src/host/host.ts';
import type { Services } from '../../../src/host/services.ts';

export type Client = ContractRouterClient<typeof contract>;

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  json(): { code?: string; message?: string; [field: string]: unknown };
}

export interface Call {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

export interface Serving {
  readonly folder: string;
  readonly services: Services;
  readonly server: HostServer;
  /** Without a path, e.g. `http://127.0.0.1:4200`. */
  readonly origin: string;
  readonly token: string;
  readonly log: { event: string; [field: string]: unknown }[];
  readonly client: Client;
  /** The session's cookie, as a browser sends it. */
  readonly cookie: string;
  /** As it is, with nothing added. The path is sent as it stands. */
  raw(path: string, call?: Call): Promise<Answer>;
  /** As the window's page would. */
  ask(path: string, call?: Call): Promise<Answer>;
  close(): Promise<void>;
}

/** `enter: false` leaves the token unused. */
export async function startServing({ enter = true }: { enter?: boolean } = {}): Promise<Serving> {
  const folder = await mkdtemp(join(tmpdir(), 'sagitta-api-'));
  const window = join(folder, 'window');
  await mkdir(join(window, 'assets'), { recursive: true });
  await writeFile(join(window, 'index.html'), '<title>Window</title>');
  await writeFile(join(window, 'assets/index-AbC123.js'), 'export {};');
  await writeFile(join(folder, 'secret.txt'), 'secret');
  const services = await openHost({ home: join(folder, 'home') });
  const log: Serving['log'] = [];
  const at = { port: 0 };
  const server = await serveHost({ services, at, window, log: (entry) => log.push(entry) });
  const url = new URL(server.url!);
  const raw = (path: string, call?: Call) => send(Number(url.port), path, call);
  const redeemed = enter ? await raw(`${url.pathname}${url.search}`) : undefined;
  const cookie = redeemed?.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const own = { origin: url.origin, cookie };
  const link = new RPCLink({ url: `${url.origin}${paths.rpc}`, headers: own });
  return {
    folder,
    services,
    server,
    origin: url.origin,
    token: url.searchParams.get('token')!,
    log,
    cookie,
    client: createORPCClient(link),
    raw,
    ask: (path, call = {}) => raw(path, { ...call, headers: { ...own, ...call.headers } }),
    close: async () => {
      await server.close();
      await services.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function send(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: Call = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method, headers, agent: false };
    const outgoing = httpRequest(options, async (incoming) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const received = Buffer.concat(chunks);
      resolve({
        status: incoming.statusCode!,
        headers: incoming.headers,
        body: received,
        json: () => JSON.parse(received.toString()) as ReturnType<Answer['json']>,
      });
    });
    outgoing.on('error', reject);
    // Node frames no body of a GET, so that it would be read as a second request.
    outgoing.end(method === 'GET' ? undefined : body);
  });
}

/** An RPC body. */
export const call = (input: unknown = {}): Call => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ json: input }),
});
