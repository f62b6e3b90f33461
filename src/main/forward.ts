/**
 * @file The way from the page's own protocol (`sagitta://app/…`) to the host's private socket. Bodies stream both ways, as fast
 * as the slower end reads; nothing is held. What goes wrong before the host answers becomes an error report with status 503.
 */
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { type ErrorReport, errorReport } from '../base/errors.ts';
import { awayPage, awayPolicy } from './away-page.ts';
import { hostAway } from './errors.ts';

export const scheme = 'sagitta';
export const appHost = 'app';
/** What the page's address begins with; its origin as well. */
export const appOrigin = `${scheme}://${appHost}`;
/** The status of an answer that the host did not give. */
export const awayStatus = 503;

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH']);

/** Of one connection only (RFC 9110, 7.6.1), or of a browser's dealings with sites, which the private socket is not. */
const ownOfConnection = /^(connection|keep-alive|te|trailer|transfer-encoding|upgrade|proxy-.*)$/;
const keptFromHost =
  /^(host|cookie|origin|referer|authorization|accept-encoding|expect|forwarded|x-forwarded-.*|sec-.*)$/;
const keptFromPage = /^(set-cookie|alt-svc|clear-site-data|access-control-.*)$/;

export interface ForwardOptions {
  /** Resolves with the socket's path (a pipe's name on Windows) once the host accepts connections; rejects when it will not. */
  readonly socket: () => Promise<string>;
  /** Told of each request that did not come to an answer. */
  readonly onProblem?: (problem: { method: string; path: string; error: unknown }) => void;
}

/** A request as Electron hands it over; `initiatorOrigin` is absent for what the browser itself began, null for a page without one. */
export type PageRequest = Request & { readonly initiatorOrigin?: string | null };

export type Forward = (request: PageRequest) => Promise<Response>;

/** Never rejects: refusals are 400, 403, 404 and 405, a host that is away is 503 with an {@link ErrorReport}. */
export function makeForward({ socket, onProblem }: ForwardOptions): Forward {
  return async (request) => {
    const url = URL.parse(request.url);
    const refusal = refusalOf(request, url);
    if (refusal !== undefined || url === null) return refusal ?? plain(400, 'The address cannot be read.');
    const path = `${url.pathname}${url.search}`;
    try {
      return await send(request, { path, socketPath: await socket() });
    } catch (error) {
      if (!request.signal.aborted) onProblem?.({ method: request.method, path: url.pathname, error });
      return awayResponse(request, errorReport(hostAway(error)));
    }
  };
}

function refusalOf(request: PageRequest, url: URL | null): Response | undefined {
  if (url === null) return plain(400, 'The address cannot be read.');
  if (url.protocol !== `${scheme}:` || url.host !== appHost) return plain(404, 'There is nothing here.');
  if (!methods.has(request.method)) return plain(405, `The method ${request.method} is not answered.`);
  const { initiatorOrigin } = request;
  // A page of ours is the only one there is; whatever else asks has no business here.
  if (initiatorOrigin !== undefined && initiatorOrigin !== appOrigin)
    return plain(403, 'Only the window of Sagitta itself is answered.');
  return undefined;
}

function plain(status: number, text: string): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

/** The window itself gets something to read, its calls get data. */
function awayResponse(request: Request, report: ErrorReport): Response {
  const head = { status: awayStatus, headers: { 'cache-control': 'no-store' } };
  if (!request.headers.get('accept')?.includes('text/html')) return Response.json(report, head);
  return new Response(awayPage(report), {
    ...head,
    headers: {
      ...head.headers,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': awayPolicy,
    },
  });
}

function hostHeaders(request: Request): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { host: appHost };
  for (const [name, value] of request.headers) {
    if (!ownOfConnection.test(name) && !keptFromHost.test(name)) headers[name] = value;
  }
  return headers;
}

function pageHeaders(message: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    if (ownOfConnection.test(name) || keptFromPage.test(name)) continue;
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}

function send(
  request: Request,
  { path, socketPath }: { path: string; socketPath: string },
): Promise<Response> {
  return new Promise((resolve, reject) => {
    request.signal.throwIfAborted();
    const outgoing = httpRequest({
      socketPath,
      path,
      method: request.method,
      headers: hostHeaders(request),
      // A connection costs next to nothing here, and one that was kept may have been closed by the other end meanwhile.
      agent: false,
    });
    const abort = () => outgoing.destroy(new DOMException('The page no longer waits.', 'AbortError'));
    request.signal.addEventListener('abort', abort, { once: true });
    outgoing.on('close', () => request.signal.removeEventListener('abort', abort));
    outgoing.on('response', (message) => resolve(responseOf(message)));
    // After the answer has begun its body tells of trouble; this promise is settled then.
    outgoing.on('error', reject);
    if (request.body === null) outgoing.end();
    else pipeline(Readable.fromWeb(request.body as NodeReadableStream), outgoing).catch(reject);
  });
}

/** Statuses whose answers have no body: a `Response` refuses one. */
const bodiless = new Set([204, 205, 304]);

function responseOf(message: IncomingMessage): Response {
  const status = message.statusCode ?? 502;
  const head = { status, statusText: message.statusMessage ?? '', headers: pageHeaders(message) };
  if (!bodiless.has(status)) return new Response(bodyOf(message), head);
  message.resume();
  return new Response(null, head);
}

/** Reads on only when the page asks for more, so a page that reads slowly slows the host down instead of filling memory. */
function bodyOf(message: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = message[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel() {
        message.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}
