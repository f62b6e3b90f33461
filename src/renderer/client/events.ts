/** @file The host's news: one stream that comes back by itself and catches up on what was missed. */
import { getEventMeta } from '@orpc/client';
import type { HostEvent } from '../../contract/events.ts';
import { host } from './client.ts';

export interface EventHandlers {
  readonly onEvent: (event: HostEvent) => void;
  /** 'online' once the host answers, 'away' (with the reason, where known) while it does not. */
  readonly onConnection: (state: 'online' | 'away', reason?: unknown) => void;
}

const longestWaitMs = 5000;

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

/** Listens until the signal; never rejects. */
export async function listen({ onEvent, onConnection }: EventHandlers, signal: AbortSignal): Promise<void> {
  let lastEventId: string | undefined;
  let waitMs = 250;
  while (!signal.aborted) {
    let reason: unknown;
    try {
      const stream = await host.events.stream(undefined, {
        signal,
        ...(lastEventId !== undefined && { lastEventId }),
      });
      onConnection('online');
      for await (const event of stream) {
        lastEventId = getEventMeta(event)?.id ?? lastEventId;
        waitMs = 250;
        onEvent(event);
      }
    } catch (error) {
      if (signal.aborted) return;
      reason = error;
    }
    // A stream may also end without an error: the host closed it, e.g. to restart.
    onConnection('away', reason);
    await wait(waitMs, signal);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}
