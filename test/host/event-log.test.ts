/** @file The log of news by itself: order, its limit, and listeners that are slow or leave. */
import { expect, it } from 'vitest';
import type { HostEvent } from '../../src/contract/events.ts';
import { EventLog, type NumberedEvent } from '../../src/host/event-log.ts';

const library = (revision: number): HostEvent => ({ type: 'library', revision });

const endless = () => new AbortController().signal;

async function take(listener: AsyncGenerator<NumberedEvent>, count: number): Promise<NumberedEvent[]> {
  const taken: NumberedEvent[] = [];
  while (taken.length < count) taken.push((await listener.next()).value as NumberedEvent);
  return taken;
}

const eventsOf = (told: readonly NumberedEvent[]) => told.map(({ event }) => event);

it('tells each listener all that comes, in order', async () => {
  const log = new EventLog();
  const listeners = [log.listen(undefined, endless()), log.listen(undefined, endless())];
  await Promise.all(listeners.map((listener) => take(listener, 1)));
  for (let i = 0; i < 3; i++) log.publish(library(i));
  for (const listener of listeners)
    expect(eventsOf(await take(listener, 3))).toEqual([library(0), library(1), library(2)]);
});

it('wakes a listener that waits', async () => {
  const log = new EventLog();
  const listener = log.listen(undefined, endless());
  await take(listener, 1);
  const waiting = take(listener, 1);
  log.publish(library(7));
  expect(eventsOf(await waiting)).toEqual([library(7)]);
});

it('tells a listener that is ten thousand behind the rest, and one that is further behind to begin anew', async () => {
  const log = new EventLog();
  const [{ id } = { id: '' }] = await take(log.listen(undefined, endless()), 1);
  for (let i = 0; i < 10_000; i++) log.publish(library(i));
  expect(eventsOf(await take(log.listen(id, endless()), 1))).toEqual([library(0)]);
  for (let i = 0; i < 20_000; i++) log.publish(library(i));
  expect(eventsOf(await take(log.listen(id, endless()), 1))).toEqual([{ type: 'reset' }]);
});

it('tells a listener that fell behind while it listened to begin anew, then goes on', async () => {
  const log = new EventLog();
  const listener = log.listen(undefined, endless());
  await take(listener, 1);
  for (let i = 0; i < 30_000; i++) log.publish(library(i));
  expect(eventsOf(await take(listener, 1))).toEqual([{ type: 'reset' }]);
  log.publish(library(-1));
  expect(eventsOf(await take(listener, 1))).toEqual([library(-1)]);
});

it('knows no id of the future', async () => {
  const log = new EventLog();
  const [{ id } = { id: '' }] = await take(log.listen(undefined, endless()), 1);
  const future = `${id.split('-')[0]}-1`;
  expect(eventsOf(await take(log.listen(future, endless()), 1))).toEqual([{ type: 'reset' }]);
});

it('lets a waiting listener end by its signal', async () => {
  const log = new EventLog();
  const abort = new AbortController();
  const listener = log.listen(undefined, abort.signal);
  await take(listener, 1);
  const waiting = listener.next();
  abort.abort();
  expect(await waiting).toEqual({ done: true, value: undefined });
});
