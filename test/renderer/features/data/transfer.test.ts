/** @file Tests of sending many files a few at a time. */
import { describe, expect, it } from 'vitest';
import { secondsLeft, sendAll } from '../../../../src/renderer/features/data/transfer.ts';

const never = new AbortController().signal;

describe('sendAll', () => {
  it('sends everything once, in order, never more than asked for together', async () => {
    const sent: number[] = [];
    let open = 0;
    let most = 0;
    const items = Array.from({ length: 20 }, (_, index) => index);
    await sendAll(
      items,
      async (item) => {
        most = Math.max(most, ++open);
        sent.push(item);
        await new Promise((resolve) => setImmediate(resolve));
        open--;
      },
      { atOnce: 3, signal: never },
    );
    expect(sent).toEqual(items);
    expect(most).toBe(3);
  });

  it('stops at the first failure, tells the others to stop, and throws it', async () => {
    const stopped: number[] = [];
    const started: number[] = [];
    const send = (item: number, signal: AbortSignal) => {
      started.push(item);
      if (item === 1) return Promise.reject(new Error('refused'));
      return new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => {
          stopped.push(item);
          reject(signal.reason);
        });
      });
    };
    await expect(sendAll([0, 1, 2, 3], send, { atOnce: 3, signal: never })).rejects.toThrow('refused');
    expect(started).toEqual([0, 1, 2]);
    expect(stopped).toEqual([0, 2]);
  });

  it('stops when cancelled', async () => {
    const abort = new AbortController();
    const started: number[] = [];
    const sending = sendAll(
      [0, 1, 2],
      async (item) => {
        started.push(item);
        abort.abort();
      },
      { atOnce: 1, signal: abort.signal },
    );
    await expect(sending).rejects.toThrow(/abort/i);
    expect(started).toEqual([0]);
  });
});

it('tells the time left from the pace so far, and not before there is one', () => {
  expect(secondsLeft({ done: 25, total: 100, elapsedMs: 2000 })).toBe(6);
  expect(secondsLeft({ done: 25, total: 100, elapsedMs: 500 })).toBeNull();
  expect(secondsLeft({ done: 0, total: 100, elapsedMs: 5000 })).toBeNull();
});
