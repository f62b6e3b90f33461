/** @file The host's news over a real connection: ids, catching up, starting anew. */
import { join } from 'node:path';
import { getEventMeta } from '@orpc/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HostEvent } from '../../../src/contract/events.ts';
import { type Serving, startServing } from './serving.ts';

let serving: Serving;
let parent: string;

beforeEach(async () => {
  serving = await startServing();
  parent = join(serving.folder, 'projects');
});

afterEach(() => serving.close());

interface Told {
  readonly id: string;
  readonly event: HostEvent;
}

/** Listens until `count` events came; `onFirst` is called after the first. */
async function hear(count: number, options: { lastEventId?: string; onFirst?: () => Promise<unknown> } = {}) {
  const abort = new AbortController();
  const { lastEventId, onFirst } = options;
  const stream = await serving.client.events.stream(undefined, {
    signal: abort.signal,
    ...(lastEventId !== undefined && { lastEventId }),
  });
  const told: Told[] = [];
  for await (const event of stream) {
    told.push({ id: getEventMeta(event)!.id!, event });
    if (told.length === 1) await onFirst?.();
    if (told.length === count) break;
  }
  abort.abort();
  return told;
}

const kinds = (told: readonly Told[]) => told.map(({ event }) => event.type);

it('begins with reset, then tells what happens', async () => {
  const told = await hear(2, { onFirst: () => serving.client.projects.create({ name: 'One', parent }) });
  expect(kinds(told)).toEqual(['reset', 'project']);
  expect(told[1]!.event).toMatchObject({ project: { name: 'One' } });
  expect(told[1]!.id).toMatch(/^[0-9a-f]{8}-1$/);
});

it('tells who comes back exactly what was missed', async () => {
  const [first] = await hear(1);
  await serving.client.projects.create({ name: 'One', parent });
  await serving.client.projects.close();
  const told = await hear(2, { lastEventId: first!.id });
  expect(told.map(({ event }) => event)).toMatchObject([{ project: { name: 'One' } }, { project: null }]);
  const again = await hear(1, { lastEventId: told[0]!.id });
  expect(again).toEqual([told[1]]);
});

it('tells who comes back to another start of the host to begin anew', async () => {
  await serving.client.projects.create({ name: 'One', parent });
  for (const lastEventId of ['00000000-1', 'nonsense', ''])
    expect(kinds(await hear(1, { lastEventId }))).toEqual(['reset']);
});

it('lets go of a listener that went away', async () => {
  const listeners: AbortSignal[] = [];
  const { events } = serving.services;
  Object.assign(serving.services, {
    events: (lastId: string | undefined, signal: AbortSignal) => {
      listeners.push(signal);
      return events(lastId, signal);
    },
  });
  await hear(1);
  const [signal] = listeners;
  if (!signal!.aborted) await new Promise((resolve) => signal!.addEventListener('abort', resolve));
  expect(signal!.aborted).toBe(true);
});
