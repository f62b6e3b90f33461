/** @file The door on loopback: turns the printed address into a session, lets the window's requests pass, and sends all others away. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { doorPage } from './door-page.ts';
import type { Guard, Refusal } from './guard.ts';
import { sendJson } from './json.ts';
import { isOwnPeer } from './peer.ts';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly url: URL;
}

/** One line of the log. Never a name, a token or a query. */
export type Log = (entry: { event: string; [field: string]: unknown }) => void;

/** True when the request may pass; else it is answered already. */
export async function passDoor(
  exchange: Exchange,
  { guard, log }: { guard: Guard; log: Log },
): Promise<boolean> {
  const refusal = guard.checkHost(exchange.request) ?? (await redeem(exchange, guard));
  if (refusal === 'redeemed') return false;
  const reason = refusal ?? guard.check(exchange.request);
  if (reason === undefined) return true;
  const { method, url } = exchange;
  const path = url.pathname.slice(0, 200);
  log({ event: 'refused', status: reason.status, method, path, reason: reason.reason });
  refuse(exchange, reason);
  return false;
}

/** The printed address: its token becomes a session, and the page is loaded anew without it. Undefined when it is no such address. */
async function redeem(
  { request, response, method, url }: Exchange,
  guard: Guard,
): Promise<Refusal | 'redeemed' | undefined> {
  const token = url.searchParams.get('token');
  if (token === null || url.pathname !== '/' || method !== 'GET') return undefined;
  if (!(await isOwnPeer(request.socket))) return { status: 403, reason: 'another user of this machine asks' };
  const cookie = guard.redeem(token);
  if (cookie === undefined) return undefined;
  response.writeHead(303, { location: '/', 'set-cookie': cookie, 'cache-control': 'no-store' }).end();
  return 'redeemed';
}

/** A person who opens the page gets something to read, anything else gets data. */
function refuse({ request, response, method, url }: Exchange, { status, reason }: Refusal): void {
  if (method === 'GET' && url.pathname === '/' && request.headers.accept?.includes('text/html')) {
    response
      .writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
      .end(doorPage());
    return;
  }
  const hint = 'Open the address that "sagitta serve" prints when it starts; it works once.';
  sendJson(response, status, { code: 'HOST_REFUSED', message: `The host refuses: ${reason}.`, hint });
}
