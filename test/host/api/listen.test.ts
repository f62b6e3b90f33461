/** @file Places to listen: a port, a private socket, and those that are taken. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listen, type Place } from '../../../src/host/api/listen.ts';
import { codeOf, temporaryFolder } from '../make-project.ts';

let folder: string;
let remove: () => Promise<void>;
let servers: Server[];

beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
  servers = [];
});

afterEach(async () => {
  for (const server of servers) if (server.listening) await new Promise((resolve) => server.close(resolve));
  await remove();
});

function start(place: Place): Promise<number | undefined> {
  const server = createServer((_request, response) => response.end('here'));
  servers.push(server);
  return listen(server, place);
}

it('finds a free port of this machine alone', async () => {
  expect(await start({ port: 0 })).toBeGreaterThan(0);
  expect(servers[0]!.address()).toMatchObject({ address: '127.0.0.1' });
});

it('says so when a port is taken', async () => {
  const port = (await start({ port: 0 }))!;
  expect(await codeOf(start({ port }))).toBe('PORT_TAKEN');
});

describe.skipIf(process.platform === 'win32')('a socket', () => {
  const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

  it('is for this user alone, and so is its folder', async () => {
    const socket = join(folder, 'new/host.sock');
    await start({ socket });
    expect([await modeOf(socket), await modeOf(join(folder, 'new'))]).toEqual([0o600, 0o700]);
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      request({ socketPath: socket }, ({ statusCode }) => resolve(statusCode))
        .on('error', reject)
        .end();
    });
    expect(answer).toBe(200);
  });

  it('leaves other files the modes that they would have', async () => {
    await start({ socket: join(folder, 'host.sock') });
    await mkdir(join(folder, 'other'));
    expect(await modeOf(join(folder, 'other'))).toBe(0o777 & ~process.umask());
  });

  it('takes the place of one that was left behind, and of nothing else', async () => {
    const socket = join(folder, 'host.sock');
    await start({ socket });
    await start({ socket });
    const file = join(folder, 'thesis.txt');
    await writeFile(file, 'thesis');
    expect(await codeOf(start({ socket: file }))).toBe('SOCKET_IN_THE_WAY');
    expect(await readFile(file, 'utf8')).toBe('thesis');
  });
});
