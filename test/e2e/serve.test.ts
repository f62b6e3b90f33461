/** @file `sagitta serve` as a process: its first line, its project, a training that it pauses when it is asked to leave. */
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type contract, paths } from '../../src/contract/contract.ts';
import type { JobSummary } from '../../src/contract/queue.ts';
import { sampleTraining } from '../../src/contract/sample.ts';
import { errorOf, type Running, sagitta, start, temporaryFolder } from './helpers.ts';

type Client = ContractRouterClient<typeof contract>;

let cwd: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ folder: cwd, remove } = await temporaryFolder('serve'));
  // So that it finds and leaves nothing of the person's.
  Object.assign(process.env, { HOME: cwd, SAGITTA_HOME: join(cwd, 'home') });
});

afterAll(() => remove());

/** Starts it, and enters by the address that it prints. */
async function serve(...args: string[]): Promise<{ running: Running; client: Client }> {
  const running = start(['serve', '--json', ...args], { cwd });
  let text = '';
  running.child.stdout!.on('data', (piece: string) => {
    text += piece;
  });
  expect(await running.printed(/"type":"ready".*\n/)).toBe(true);
  const { url } = JSON.parse(text.split('\n')[0]!) as { url: string };
  const { origin } = new URL(url);
  const entered = await fetch(url, { redirect: 'manual' });
  const cookie = entered.headers.get('set-cookie')!.split(';')[0]!;
  const link = new RPCLink({ url: `${origin}${paths.rpc}`, headers: { origin, cookie } });
  return { running, client: createORPCClient(link) };
}

async function leave({ child, finished }: Running): Promise<void> {
  child.kill('SIGTERM');
  const { code, stdout, stderr } = await finished;
  expect({ code, lines: stdout.split('\n').length, stderr }).toEqual({ code: 0, lines: 2, stderr: '' });
}

/** Resolves with the first news of a job that fits. */
async function heard(client: Client, fits: (job: JobSummary) => boolean): Promise<JobSummary> {
  const abort = new AbortController();
  for await (const event of await client.events.stream(undefined, { signal: abort.signal })) {
    if (event.type !== 'job' || !fits(event.job)) continue;
    abort.abort();
    return event.job;
  }
  throw new Error('the stream ended');
}

describe('sagitta serve', () => {
  it('pauses what it trains when it is asked to leave, and gives the project back', async () => {
    const first = await serve();
    const { folder } = await first.client.projects.openSample();
    const stepped = heard(
      first.client,
      ({ progress }) => (progress?.done ?? 0) > 0 && progress?.task !== undefined,
    );
    const job = await first.client.queue.train({ ...sampleTraining, device: 'cpu' });
    await stepped;
    // Another project would need the one of the training closed.
    await expect(first.client.projects.create({ name: 'Other' })).rejects.toMatchObject({
      data: { code: 'PROJECT_BUSY' },
    });
    expect(await errorOf(['serve', '--project', folder], { cwd })).toMatchObject({
      exitCode: 3,
      code: 'PROJECT_IN_USE',
    });
    await leave(first.running);

    const second = await serve('--project', folder);
    expect((await second.client.projects.info()).project).toMatchObject({
      name: 'Sample study',
      runCount: 1,
    });
    expect(await second.client.queue.list()).toMatchObject([{ id: job.id, state: 'paused' }]);
    expect(await second.client.projects.recent()).toMatchObject([{ folder, exists: true }]);
    await leave(second.running);
  });

  it('refuses places that exclude each other, or are none', async () => {
    const usage = { exitCode: 2, code: 'USAGE' };
    expect(await errorOf(['serve', '--port', '1', '--socket', 'x'], { cwd })).toMatchObject(usage);
    expect(await errorOf(['serve', '--port', '70000'], { cwd })).toMatchObject(usage);
    expect(await errorOf(['serve', '--project', 'none'], { cwd })).toMatchObject({ code: 'PROJECT_MISSING' });
  });
});

describe('--json before the command', () => {
  it('is the same as behind it', async () => {
    const before = await sagitta(['--json', 'plugin', 'list'], { cwd });
    expect(before.code).toBe(0);
    expect(before).toEqual(await sagitta(['plugin', 'list', '--json'], { cwd }));
    const unknown = await sagitta(['--json', 'nothing'], { cwd });
    expect([unknown.code, JSON.parse(unknown.stdout)]).toMatchObject([2, { error: { code: 'USAGE' } }]);
  });

  it('alone shows the commands', async () => {
    expect((await sagitta(['--json'], { cwd })).stdout).toMatch(/^Sagitta trains/);
  });
});
