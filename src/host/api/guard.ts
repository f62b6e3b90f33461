/**
 * @file Who may speak to the host over loopback. Any page in the person's browser can reach 127.0.0.1, so a request needs more than being local:
 * a Host header that names this machine (against DNS rebinding), an Origin that is our own (against other pages), and a session
 * that only the holder of the printed, one-time address can have got. The private socket is the desktop shell's alone and needs none of it.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

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
  /** Undefined when the request may pass. */
  check(request: IncomingMessage): Refusal | undefined;
}

const cookieName = 'sagitta-session';

/** Any port: an SSH tunnel may end at another one than ours. */
const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;

export function makeGuard(): Guard {
  const token = randomBytes(32).toString('base64url');
  const session = randomBytes(32).toString('base64url');
  let isRedeemed = false;
  return {
    token,
    redeem(given) {
      if (isRedeemed || !isSame(given, token)) return undefined;
      isRedeemed = true;
      return `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`;
    },
    check(request) {
      return checkHost(request) ?? checkOrigin(request) ?? checkSession(request, session);
    },
  };
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

export function checkHost({ headers }: IncomingMessage): Refusal | undefined {
  if (headers.host !== undefined && loopbackHost.test(headers.host)) return undefined;
  return { status: 403, reason: 'the Host header does not name this machine' };
}

/** A page of another origin says so in Origin, or in Sec-Fetch-Site; what changes something must say that it is ours. */
function checkOrigin({ headers, method }: IncomingMessage): Refusal | undefined {
  const foreign: Refusal = { status: 403, reason: 'the request comes from another page' };
  const { origin, host } = headers;
  if (origin !== undefined) return origin === `http://${host}` ? undefined : foreign;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? undefined : foreign;
  const isSafe = method === 'GET' || method === 'HEAD';
  return isSafe ? undefined : { status: 403, reason: 'the request does not say which page it comes from' };
}

function checkSession({ headers }: IncomingMessage, session: string): Refusal | undefined {
  const cookies = (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
  const value = cookies.find((cookie) => cookie.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
  if (value !== undefined && isSame(value, session)) return undefined;
  return { status: 401, reason: 'the session is missing or of an earlier start' };
}
