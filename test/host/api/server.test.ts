/** @file The server as such: the window's files, headers, and calls that are none. */
import { rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, type Serving, startServing } from './serving.ts';

let serving: Serving;

beforeAll(async () => {
  serving = await startServing();
});

afterAll(() => serving.close());

describe("the window's files", () => {
  it('come with their types, and are kept only when their names change with their content', async () => {
    const page = await serving.ask('/');
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    });
    const script = await serving.ask('/assets/index-AbC123.js');
    expect(script.body.toString()).toBe('export {};');
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });

  it('are found when the window was built anew meanwhile', async () => {
    await writeFile(join(serving.folder, 'window/assets/new-XyZ.css'), 'p{}');
    await serving.ask('/');
    expect((await serving.ask('/assets/new-XyZ.css')).headers['content-type']).toBe(
      'text/css; charset=utf-8',
    );
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/..\\secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/assets',
    '/assets/',
    '/index.html%00.txt',
    '/link.txt',
    '/C:/secret.txt',
  ])('%s leads nowhere', async (path) => {
    if (path === '/link.txt')
      await symlink(join(serving.folder, 'secret.txt'), join(serving.folder, 'window', path));
    const { status, body } = await serving.ask(path);
    expect([status, body.toString().includes('secret')]).toEqual([404, false]);
  });

  it('are missed in words when there are none', async () => {
    const bare = await startServing();
    await rm(join(bare.folder, 'window'), { recursive: true });
    const { status, json } = await bare.ask('/');
    expect([status, json().code]).toEqual([422, 'WINDOW_MISSING']);
    await bare.close();
  });
});

it('fences in every answer', async () => {
  const answers = [
    await serving.ask('/'),
    await serving.ask('/nothing'),
    await serving.ask('/volumes/voxels?id=x'),
    await serving.ask('/rpc/projects/info', call()),
    await serving.raw('/'),
  ];
  for (const { headers } of answers) {
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = headers['content-security-policy'];
    expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/);
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers['access-control-allow-origin']).toBeUndefined();
  }
});

describe('a call that is none', () => {
  it.each([
    ['POST', '/'],
    ['DELETE', '/volumes/voxels?id=x'],
    ['GET', '/volumes/label?image=x&rater=y'],
    ['POST', '/imports/file?id=x&path=y'],
    ['OPTIONS', '/rpc-x'],
  ])('%s %s: the method is refused, and which one goes is said', async (method, path) => {
    const { status, headers } = await serving.ask(path, { method });
    expect(status).toBe(405);
    expect(headers.allow).toMatch(/GET|PUT/);
  });

  it.each([
    ['GET', '/nothing'],
    ['POST', '/rpc/nothing'],
    ['POST', '/rpc/projects'],
    ['POST', '/rpc/projects/info/more'],
    ['POST', '/rpc/__proto__/toString'],
    ['POST', '/rpc/constructor'],
  ])('%s %s: nothing is there', async (method, path) => {
    expect((await serving.ask(path, { ...call(), method })).status).toBe(404);
  });

  it('is not answered by GET, which a link could do', async () => {
    expect((await serving.ask('/rpc/projects/info')).status).toBe(405);
  });

  it('is refused in words when it is no JSON', async () => {
    const answer = await serving.ask('/rpc/projects/open', { ...call(), body: '{"json":' });
    expect([answer.status, reportIn(answer)]).toEqual([400, 'CALL_MALFORMED']);
  });

  it('is refused in words, with the field, when it does not fit the contract', async () => {
    const answer = await serving.ask('/rpc/projects/create', call({ name: '../x' }));
    expect([answer.status, reportIn(answer)]).toEqual([400, 'CALL_MALFORMED']);
    expect(answer.body.toString()).toContain('use letters, digits, spaces');
    const wrongType = await serving.ask('/rpc/projects/open', call({ folder: 7 }));
    expect(wrongType.body.toString()).toContain('"field":"folder"');
  });

  it('is refused when it is too large, told or not', async () => {
    const body = Buffer.alloc(16_000_001, 0x20);
    const told = await serving.ask('/rpc/projects/open', { ...call(), body });
    expect(reportIn(told)).toBe('CALL_TOO_LARGE');
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    const untold = await serving.ask('/rpc/projects/open', { method: 'POST', headers, body });
    expect(reportIn(untold)).toBe('CALL_TOO_LARGE');
  });

  it('leaves the server as it was when it is no HTTP at all', async () => {
    const { port } = new URL(serving.origin);
    for (const text of [
      '\0\x01\x02\r\n\r\n',
      'GET http://[ HTTP/1.1\r\nhost: x\r\n\r\n',
      `GET ${'/x'.repeat(40_000)}`,
    ]) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => undefined);
      await new Promise((resolve) => {
        socket.on('close', resolve);
        socket.resume().end(text);
      });
    }
    expect((await serving.ask('/')).status).toBe(200);
  });
});

it('logs refusals and faults, nothing else', async () => {
  serving.log.length = 0;
  await serving.ask('/');
  await serving.ask('/rpc/library/list', call());
  expect(serving.log).toEqual([]);
  await serving.raw('/volumes/voxels?id=subjects/Jane-Doe');
  expect(serving.log).toMatchObject([{ event: 'refused', status: 401, path: '/volumes/voxels' }]);
});

it('says in its own words that a fault is ours, and keeps the stack to itself', async () => {
  serving.log.length = 0;
  const { recent } = serving.services;
  Object.assign(serving.services, { recent: () => Promise.reject(new Error('no such thing')) });
  const answer = await serving.ask('/rpc/projects/recent', call());
  Object.assign(serving.services, { recent });
  expect([answer.status, reportIn(answer)]).toEqual([500, 'BUG']);
  expect(answer.body.toString()).not.toMatch(/\.ts:\d+/);
  expect(serving.log).toMatchObject([
    { event: 'bug', stack: expect.stringContaining('no such thing') as string },
  ]);
});

function reportIn({ body }: { body: Buffer }): string | undefined {
  return (JSON.parse(body.toString()) as { json: { data?: { code?: string } } }).json.data?.code;
}
