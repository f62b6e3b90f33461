/** @file The protocol's way to a host that is real: an HTTP server on a socket of its own. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awayPage } from '../../src/main/away-page.ts';
import { type Forward, makeForward, type PageRequest } from '../../src/main/forward.ts';
import { socketPath } from '../../src/main/locations.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let folder: string;
let socket: string;
let server: ReturnType<typeof createServer>;
let handler: Handler;
let forward: Forward;
let problems: { method: string; path: string; error: unknown }[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sagitta-'));
  socket = socketPath({ platform: process.platform, folder, startCount: 1 });
  handler = (_request, response) => void response.end();
  server = createServer((request, response) => handler(request, response));
  server.listen(socket);
  await once(server, 'listening');
  problems = [];
  forward = makeForward({ socket: async () => socket, onProblem: (problem) => problems.push(problem) });
});

afterEach(async () => {
  server.closeAllConnections();
  if (server.listening) await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function put(path: string, body: string | ReadableStream<Uint8Array>): Request {
  return new Request(`sagitta://app${path}`, { method: 'PUT', body, duplex: 'half' });
}

function streamOf(pieces: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const { done, value } = iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

describe('a request', () => {
  it('keeps method, path with query, and body, and brings back status, headers and body', async () => {
    handler = async (request, response) => {
      const body = await bodyOf(request);
      response.writeHead(201, 'Made', { 'content-type': 'application/x-test', 'x-page': 'yes' });
      response.end(`${request.method} ${request.url} ${body}`);
    };
    const response = await forward(put('/a%20b/ü?id=1&t=%2F', 'body'));
    expect([response.status, response.statusText]).toEqual([201, 'Made']);
    expect(response.headers.get('content-type')).toBe('application/x-test');
    expect(response.headers.get('x-page')).toBe('yes');
    expect(await response.text()).toBe('PUT /a%20b/%C3%BC?id=1&t=%2F body');
  });

  it('passes no header on that belongs to a connection or to dealings with sites', async () => {
    let seen: IncomingMessage['headers'] = {};
    handler = (request, response) => {
      seen = request.headers;
      response.setHeader('set-cookie', 'a=b');
      response.setHeader('access-control-allow-origin', '*');
      response.setHeader('content-security-policy', "default-src 'self'");
      response.end();
    };
    const headers = {
      authorization: 'x',
      'x-forwarded-for': '1.2.3.4',
      'last-event-id': '7',
      te: 'trailers',
    };
    const response = await forward(new Request('sagitta://app/', { headers }));
    expect(seen).toMatchObject({ host: 'app', 'last-event-id': '7' });
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['authorization']));
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['x-forwarded-for']));
    expect(seen.te).toBeUndefined();
    expect([...response.headers.keys()].sort()).toEqual([
      'content-length',
      'content-security-policy',
      'date',
    ]);
  });

  it.each([204, 304])('brings back %i, which has no body', async (status) => {
    handler = (_request, response) => void response.writeHead(status).end();
    const response = await forward(new Request('sagitta://app/'));
    expect([response.status, response.body]).toEqual([status, null]);
  });

  it('sends 64 MiB each way unchanged', async () => {
    handler = (request, response) => void request.pipe(response);
    const piece = randomBytes(1 << 20);
    const expected = createHash('sha256');
    for (let i = 0; i < 64; i++) expected.update(piece);
    const response = await forward(put('/', streamOf(Array.from({ length: 64 }, () => piece))));
    const found = createHash('sha256');
    for await (const chunk of response.body!) found.update(chunk);
    expect(found.digest('hex')).toBe(expected.digest('hex'));
  });

  it('asks the host for no more than the page reads', async () => {
    let writtenBytes = 0;
    const full = Promise.withResolvers<void>();
    const piece = Buffer.alloc(1 << 20);
    handler = (_request, response) => {
      const write = () => {
        // A stream that is drained at once 256 times is not being held back.
        if (writtenBytes >= 256 << 20) return void response.end();
        writtenBytes += piece.length;
        if (response.write(piece)) write();
        else {
          full.resolve();
          response.once('drain', write);
        }
      };
      write();
    };
    const response = await forward(new Request('sagitta://app/'));
    await full.promise;
    const reader = response.body!.getReader();
    await reader.read();
    // Several turns of the loop in which a forward that buffers would have taken everything.
    for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(writtenBytes).toBeLessThan(16 << 20);
    await reader.cancel();
  });

  it('hands over events as they come, before the answer ends', async () => {
    let send: ServerResponse | undefined;
    handler = (_request, response) => {
      send = response;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('one\n');
    };
    const response = await forward(new Request('sagitta://app/events'));
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('one\n');
    send!.write('two\n');
    expect((await reader.read()).value).toBe('two\n');
    send!.end();
    expect((await reader.read()).done).toBe(true);
  });
});

describe('a page that leaves', () => {
  it('ends the connection when it cancels the body', async () => {
    const closed = Promise.withResolvers<void>();
    handler = (_request, response) => {
      response.on('close', closed.resolve);
      response.write('x');
    };
    const response = await forward(new Request('sagitta://app/'));
    await response.body!.cancel();
    await closed.promise;
    expect(problems).toEqual([]);
  });

  it('ends the connection when it aborts before the answer, and nobody is told of a problem', async () => {
    const arrived = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    handler = (request) => {
      request.on('close', closed.resolve);
      arrived.resolve();
    };
    const abort = new AbortController();
    const answer = forward(new Request('sagitta://app/', { signal: abort.signal }));
    await arrived.promise;
    abort.abort();
    await closed.promise;
    expect((await answer).status).toBe(503);
    expect(problems).toEqual([]);
  });

  it('ends the connection when it aborts in the middle of the body', async () => {
    const closed = Promise.withResolvers<void>();
    handler = (_request, response) => {
      response.on('close', closed.resolve);
      response.write('x');
    };
    const abort = new AbortController();
    const response = await forward(new Request('sagitta://app/', { signal: abort.signal }));
    const reader = response.body!.getReader();
    await reader.read();
    abort.abort();
    await expect(reader.read()).rejects.toThrow();
    await closed.promise;
  });

  it('takes its upload back when that breaks off', async () => {
    const broken = Promise.withResolvers<boolean>();
    handler = (request) => {
      request.on('error', () => broken.resolve(true));
      request.on('end', () => broken.resolve(false));
      request.resume();
    };
    let pulls = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (pulls++ < 3) controller.enqueue(new Uint8Array(65_536));
        else controller.error(new Error('the drive is gone'));
      },
    });
    const response = await forward(put('/', body));
    expect(response.status).toBe(503);
    expect(await broken.promise).toBe(true);
  });
});

describe('a host in trouble', () => {
  it('is answered for with an error report when nothing listens', async () => {
    await new Promise((resolve) => server.close(resolve));
    const response = await forward(new Request('sagitta://app/rpc?x=1', { method: 'POST', body: '{}' }));
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      code: 'HOST_AWAY',
      hint: expect.stringContaining('saved'),
    });
    expect(problems).toMatchObject([{ method: 'POST', path: '/rpc' }]);
  });

  it('is answered for with its own reason when it stays down', async () => {
    const { hostStopped } = await import('../../src/main/errors.ts');
    const stopped = hostStopped({ how: 'exit code 3', restartCount: 3, logFile: '/logs/host.log' });
    const response = await makeForward({ socket: () => Promise.reject(stopped) })(
      new Request('sagitta://app/'),
    );
    expect(await response.json()).toMatchObject({ code: 'HOST_STOPPED', file: '/logs/host.log' });
  });

  it('is answered for with a page of its own where the window asks for one, in which nothing runs', async () => {
    const rejected = () => Promise.reject(new Error('<script>'));
    const response = await makeForward({ socket: rejected })(
      new Request('sagitta://app/', { headers: { accept: 'text/html,*/*' } }),
    );
    expect(response.status).toBe(503);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).toContain(
      '<p>The part of Sagitta that works with your data does not answer.</p>',
    );
    expect(awayPage({ code: 'X', message: '<script>&"' })).toContain('<p>&lt;script&gt;&amp;&quot;</p>');
  });

  it('that dies in the middle of an answer makes the body fail rather than end', async () => {
    handler = (request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('x'.repeat(50));
      setImmediate(() => request.socket.destroy());
    };
    const response = await forward(new Request('sagitta://app/'));
    await expect(response.arrayBuffer()).rejects.toThrow();
  });

  it('may refuse a body before it has read it', async () => {
    handler = (request, response) => {
      response.writeHead(413, { connection: 'close' }).end('too large');
      request.resume();
    };
    const response = await forward(put('/', streamOf(Array.from({ length: 8 }, () => randomBytes(1 << 16)))));
    expect([response.status, await response.text()]).toEqual([413, 'too large']);
  });
});

describe('what is refused without asking the host', () => {
  it.each([
    ['another host', new Request('sagitta://other/'), 404],
    ['the same host with a port', new Request('sagitta://app:8080/'), 404],
    ['another scheme', new Request('https://app/'), 404],
    ['a method that nobody needs', new Request('sagitta://app/', { method: 'OPTIONS' }), 405],
  ])('%s', async (_name, request, status) => {
    let isAsked = false;
    handler = (_request, response) => {
      isAsked = true;
      response.end();
    };
    expect([(await forward(request)).status, isAsked]).toEqual([status, false]);
  });

  it('a page of another origin', async () => {
    const from = (initiatorOrigin: string | null): PageRequest =>
      Object.assign(new Request('sagitta://app/'), { initiatorOrigin });
    expect((await forward(from('https://example.com'))).status).toBe(403);
    expect((await forward(from(null))).status).toBe(403);
    expect((await forward(from('sagitta://app'))).status).toBe(200);
  });

  it('a path that climbs is one below the root by the time it is sent', async () => {
    let url: string | undefined;
    handler = (request, response) => {
      url = request.url;
      response.end();
    };
    await forward(new Request('sagitta://app/../../etc/passwd'));
    expect(url).toBe('/etc/passwd');
  });
});
