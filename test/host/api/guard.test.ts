/** @file Who gets in, and who does not: each way in which a page elsewhere could try. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call, type Serving, startServing } from './serving.ts';

let serving: Serving;

beforeEach(async () => {
  serving = await startServing({ enter: false });
});

afterEach(() => serving.close());

async function enter(): Promise<string> {
  const { status, headers } = await serving.raw(`/?token=${serving.token}`);
  expect({ status, location: headers.location }).toEqual({ status: 303, location: '/' });
  return headers['set-cookie']![0]!;
}

const info = '/rpc/projects/info';

describe('the printed address', () => {
  it('becomes a session that only this browser and no script has', async () => {
    const cookie = await enter();
    expect(cookie).toMatch(/^sagitta-[0-9a-f]{12}=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
    const { status, body } = await serving.raw('/', { headers: { cookie: cookie.split(';')[0] } });
    expect([status, body.toString()]).toEqual([200, '<title>Window</title>']);
  });

  it('works once', async () => {
    await enter();
    const { status, headers } = await serving.raw(`/?token=${serving.token}`);
    expect([status, headers['set-cookie']]).toEqual([401, undefined]);
  });

  it('does nothing with another token, and is not used up by it', async () => {
    for (const token of ['', 'x', `${serving.token}x`, serving.token.toLowerCase()])
      expect((await serving.raw(`/?token=${token}`)).status, token).toBe(401);
    await enter();
  });

  it('does not work for a page that calls this machine by another name', async () => {
    const headers = { host: `attacker.example:${new URL(serving.origin).port}` };
    expect((await serving.raw(`/?token=${serving.token}`, { headers })).status).toBe(403);
    await enter();
  });

  it('is not kept in the log', async () => {
    await enter();
    await serving.raw(`/?token=${serving.token}`);
    expect(serving.log).toHaveLength(1);
    expect(JSON.stringify(serving.log)).not.toContain(serving.token);
  });
});

describe('without a session', () => {
  it('a person reads what to do', async () => {
    const { status, headers, body } = await serving.raw('/', { headers: { accept: 'text/html,*/*' } });
    expect([status, headers['content-type']]).toEqual([401, 'text/html; charset=utf-8']);
    expect(body.toString()).toContain('sagitta serve');
  });

  it.each([
    ['GET', '/'],
    ['GET', '/assets/index-AbC123.js'],
    ['GET', '/volumes/voxels?id=x'],
    ['GET', '/exports/file?path=x'],
    ['PUT', '/imports/file?id=x&path=y'],
    ['POST', info],
  ])('%s %s is refused', async (method, path) => {
    const headers = { origin: serving.origin };
    const answer = await serving.raw(path, { method, headers });
    expect([answer.status, answer.json().code]).toEqual([401, 'HOST_REFUSED']);
  });

  it('a cookie of an earlier start is refused', async () => {
    const cookie = (await enter()).split(';')[0]!;
    const other = `${cookie.slice(0, -1)}${cookie.endsWith('A') ? 'B' : 'A'}`;
    expect((await serving.raw('/', { headers: { cookie: other } })).status).toBe(401);
    expect((await serving.raw('/', { headers: { cookie: `${other}; ${cookie}x` } })).status).toBe(401);
  });
});

describe('with a session', () => {
  let cookie: string;

  beforeEach(async () => {
    cookie = (await enter()).split(';')[0]!;
  });

  const statusOf = async (headers: Record<string, string>, method = 'POST') =>
    (
      await serving.raw(method === 'POST' ? info : '/', {
        ...call(),
        method,
        headers: { cookie, ...headers },
      })
    ).status;

  it('the own page passes, and one at the near end of a tunnel', async () => {
    expect(await statusOf({ origin: serving.origin })).toBe(200);
    expect(await statusOf({ host: 'localhost:9999', origin: 'http://localhost:9999' })).toBe(200);
    expect(await statusOf({ 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await statusOf({ 'sec-fetch-site': 'none' }, 'GET')).toBe(200);
  });

  it.each([
    'attacker.example',
    'attacker.example:4200',
    '127.0.0.1.attacker.example',
    'localhost.attacker.example:80',
    '127.0.0.2',
    '0.0.0.0:4200',
    'localhost@attacker.example',
  ])('a Host header "%s" is refused', async (host) => {
    expect(await statusOf({ host, origin: `http://${host}` })).toBe(403);
    expect(await statusOf({ host }, 'GET')).toBe(403);
  });

  it.each([
    'http://attacker.example',
    'null',
    'http://127.0.0.1:1',
    'https://127.0.0.1',
    'http://localhost',
  ])('a page of the origin %s is refused', async (origin) => {
    expect(await statusOf({ origin })).toBe(403);
    expect(await statusOf({ origin, 'sec-fetch-site': 'same-origin' })).toBe(403);
    expect(await statusOf({ origin }, 'GET')).toBe(403);
  });

  it.each(['cross-site', 'same-site'])('a request that is %s is refused', async (site) => {
    expect(await statusOf({ 'sec-fetch-site': site })).toBe(403);
    expect(await statusOf({ 'sec-fetch-site': site }, 'GET')).toBe(403);
    expect(await statusOf({ 'sec-fetch-site': site, origin: serving.origin })).toBe(403);
  });

  it('what changes something must say where it comes from', async () => {
    expect(await statusOf({})).toBe(403);
    expect(await statusOf({ 'sec-fetch-site': 'none' })).toBe(403);
  });
});
