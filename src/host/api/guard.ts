/**
 * @file Who may speak to the host over loopback. Any page in the person's browser can reach 127.0.0.1, so a request needs more than being local:
 * a Host header that names this machine (against DNS rebinding), an Origin that is our own (against other pages), and a session
 * that only the holder of the printed, one-time address can have got. The private socket is the desktop shell's alone and needs none of it.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { homedir, hostname } from 'node:os';

/** Why a request is refused; `status` is HTTP's. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly reason: string;
}

export interface Guard {
  /** Put into the address that is printed; works once. */
  readonly token: string;
  /** The value for `Set-Cookie` when the token is right and was not used yet. */
  redeem(token: string): string | undefined;
  /** Undefined when the Host header names this machine. */
  checkHost(request: IncomingMessage): Refusal | undefined;
  /** Undefined when the request may pass. */
  check(request: IncomingMessage): Refusal | undefined;
}

/** Any port: an SSH tunnel may end at another one than ours. */
const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;

/** `port` is where the server listens. */
export function makeGuard(port: number): Guard {
  const token = randomBytes(32).toString('base64url');
  const session = randomBytes(32).toString('base64url');
  const cookieName = cookieNameFor(port);
  let isRedeemed = false;
  return {
    token,
    redeem(given) {
      if (isRedeemed || !isSame(given, token)) return undefined;
      isRedeemed = true;
      return `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`;
    },
    checkHost,
    check(request) {
      return (
        checkHost(request) ?? checkOrigin(request) ?? checkSession(request, { name: cookieName, session })
      );
    },
  };
}

/**
 * Browsers send cookies to all ports of a host, and the near ends of two tunnels are one host to them. So the name tells apart the
 * servers of this machine and those of others; it is the same at each start, so that old cookies do not pile up.
 */
function cookieNameFor(port: number): string {
  const place = createHash('sha256').update(`${hostname()}\n${homedir()}\n${port}`).digest('hex');
  return `sagitta-${place.slice(0, 12)}`;
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(left!, right!);
}

function checkHost({ headers }: IncomingMessage): Refusal | undefined {
  if (headers.host !== undefined && loopbackHost.test(headers.host)) return undefined;
  return { status: 403, reason: 'the Host header does not name this machine' };
}

/** A page of another origin says so in Origin, or in Sec-Fetch-Site; what changes something must say that it is ours. */
function checkOrigin({ headers, method }: IncomingMessage): Refusal | undefined {
  const foreign: Refusal = { status: 403, reason: 'the request comes from another page' };
  const { origin, host } = headers;
  if (origin !== undefined && origin !== `http://${host}`) return foreign;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return foreign;
  const isSafe = method === 'GET' || method === 'HEAD';
  if (isSafe || origin !== undefined || site === 'same-origin') return undefined;
  return { status: 403, reason: 'the request does not say which page it comes from' };
}

function checkSession(
  { headers }: IncomingMessage,
  { name, session }: { name: string; session: string },
): Refusal | undefined {
  const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  const value = cookies.find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1);
  if (value !== undefined && isSame(value, session)) return undefined;
  return { status: 401, reason: 'the session is missing or of an earlier start' };
}
