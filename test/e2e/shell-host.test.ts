/** @file The shell's way to the real host, without Electron: started as a child, called through the protocol, asked to leave. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/command-table.ts';
import { type contract, paths } from '../../src/contract/contract.ts';
import { appOrigin, type Forward, makeForward } from '../../src/main/forward.ts';
import { HostProcess } from '../../src/main/host-process.ts';
import { locate, socketPath } from '../../src/main/locations.ts';
import { repository } from './helpers.ts';

const canServe = commands.some(({ name }) => name === 'serve');

describe.skipIf(!canServe)(
  `the host as the shell's child${canServe ? '' : ' (skipped: no command serve)'}`,
  () => {
    let folder: string;
    let host: HostProcess;
    let forward: Forward;
    const lines: string[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sagitta-'));
      const { node, entry } = locate({
        isPackaged: false,
        platform: process.platform,
        resources: '',
        app: repository,
      });
      let startCount = 0;
      host = new HostProcess({
        begin: () => {
          const socket = socketPath({ platform: process.platform, folder, startCount: ++startCount });
          return { file: node, args: [entry, 'serve', '--socket', socket, '--json'], socket };
        },
        // Its own home, so that it finds and leaves nothing of the person's.
        env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
        platform: process.platform,
        logFile: join(folder, 'host.log'),
        onLine: (line) => lines.push(line),
        onState: () => undefined,
        now: () => performance.now(),
      });
      host.start();
      forward = makeForward({ socket: () => host.whenReady() });
    });

    afterAll(async () => {
      await host.stop();
      await rm(folder, { recursive: true, force: true });
    });

    it('answers calls without a token', async () => {
      const client: ContractRouterClient<typeof contract> = createORPCClient(
        new RPCLink({ url: `${appOrigin}${paths.rpc}`, fetch: (request) => forward(request) }),
      );
      expect(await client.projects.info(), lines.join('\n')).toMatchObject({ project: null });
    });

    it('comes back after it was killed', async () => {
      await host.whenReady();
      const first = host.pid;
      process.kill(first!, 'SIGKILL');
      while (host.pid === first) await new Promise((resolve) => setImmediate(resolve));
      const response = await forward(new Request(`${appOrigin}/`));
      expect(response.status).not.toBe(503);
    });

    it('leaves when it is asked to', async () => {
      await host.whenReady();
      expect(await host.stop()).toBe('left');
    });
  },
);
