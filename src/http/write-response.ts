import type { OutgoingHttpHeader, ServerResponse } from 'node:http';
import type { Exchange } from './exchange';
import type { GatewayResponse, ResponseHeader } from './gateway-response';
import { mayHaveBody, responseHeader } from './gateway-response';
import { hopByHopNames } from './hop-by-hop';
import { writeStream } from './write-stream';

/** Headers of earlier policies that an answer adds to instead of replacing: cors' `Vary`, a session's cookie. */
const ADDED_TO: ReadonlySet<string> = new Set(['vary', 'set-cookie']);

/**
 * Writes an answer.
 *
 * Where earlier policies have put functions of their own in place of the response's, headers are set one by one, and a body
 * in one piece is one `write`: the host's response-transformer wraps `write` and `writeHead`, parses each piece on its own,
 * and cannot take away what `writeHead` was given (measured).
 *
 * @param ownHeaders the gateway's own, which no header of the response can remove or replace
 * @throws whatever a policy's wrapper around `res` throws; the answer's headers are then taken back, so that an error
 *   can still be answered. Whatever a streamed body throws; the answer is then broken off.
 */
export async function writeResponse(
  res: ServerResponse,
  method: string,
  response: GatewayResponse,
  ownHeaders: readonly ResponseHeader[],
  exchange: Exchange,
): Promise<void> {
  const { body } = response;
  const headers = answerHeaders(method, response, ownHeaders);
  const isWrapped = WRAPPED.some((name) => Object.hasOwn(res, name));
  try {
    writeHead(res, response.status, headers, isWrapped);
    const hasBody = mayHaveBody(method, response.status);
    if (Buffer.isBuffer(body)) writeWhole(res, hasBody ? body : NOTHING, isWrapped);
    else if (hasBody) await writeStream(res, body, exchange);
    else await endWithout(res, body);
  } catch (error) {
    if (!res.headersSent) for (const [name] of headers) res.removeHeader(name);
    // Not awaited: a body that waits for its next piece does not answer.
    if (!Buffer.isBuffer(body)) close(body).catch(() => undefined);
    throw error;
  }
}

const NOTHING = Buffer.alloc(0);

/** What policies wrap to see or to change an answer. */
const WRAPPED = ['writeHead', 'write', 'end'] as const;

/** In one go, which Node does in half the time (measured), where nobody has to see the single headers. */
function writeHead(res: ServerResponse, status: number, headers: readonly ResponseHeader[], isWrapped: boolean): void {
  const all = headers.map(([name, values]) => [name, withEarlier(res, name, values)] as const);
  if (isWrapped) {
    res.statusCode = status;
    for (const [name, value] of all) res.setHeader(name, value);
  } else {
    res.writeHead(status, all.flat() as OutgoingHttpHeader[]);
  }
}

/** `end` alone is one system call less; a policy that wrapped `write` has to see the body there. */
function writeWhole(res: ServerResponse, body: Buffer, isWrapped: boolean): void {
  if (body.length === 0) res.end();
  else if (!isWrapped) res.end(body);
  else {
    res.write(body);
    res.end();
  }
}

/** The head is all that may be sent; the function need not go on. */
async function endWithout(res: ServerResponse, body: AsyncIterable<Uint8Array>): Promise<void> {
  res.end();
  await close(body);
}

/** Tells whoever makes a body that nobody reads on. */
async function close(body: AsyncIterable<Uint8Array>): Promise<void> {
  await body[Symbol.asyncIterator]().return?.();
}

/**
 * Each name once, whatever its spelling; the last one counts. A function's own framing would contradict what Node sends, and
 * the gateway's headers are its own.
 */
function answerHeaders(
  method: string,
  response: GatewayResponse,
  ownHeaders: readonly ResponseHeader[],
): readonly ResponseHeader[] {
  const connection = response.headers.find(([name]) => name.toLowerCase() === 'connection');
  const dropped = hopByHopNames(connection?.[1] ?? NO_VALUES);
  const headers = new Map<string, ResponseHeader>();
  for (const header of response.headers) {
    const lowerName = header[0].toLowerCase();
    if (!dropped.has(lowerName)) headers.set(lowerName, header);
  }
  for (const header of ownHeaders) headers.set(header[0].toLowerCase(), header);
  headers.delete('content-length');
  const length = contentLength(method, response);
  if (length !== undefined) headers.set('content-length', ['Content-Length', [String(length)]]);
  return [...headers.values()];
}

const NO_VALUES: readonly string[] = [];

/** The value of a header, with what earlier policies have set where that stays. */
function withEarlier(res: ServerResponse, name: string, values: readonly string[]): string | readonly string[] {
  const before = ADDED_TO.has(name.toLowerCase()) ? res.getHeader(name) : undefined;
  const all = before === undefined ? values : [before, values].flat().map(String);
  const [first] = all;
  return first !== undefined && all.length === 1 ? first : all;
}

/**
 * The length of a body that is all there; of a streamed one, and of the answer to HEAD, what the function says: HEAD has
 * the length that GET's answer would have (RFC 9110, section 8.6).
 */
function contentLength(method: string, response: GatewayResponse): number | undefined {
  const { status, body } = response;
  if (status === 204 || status === 304) return undefined;
  if (method !== 'HEAD' && Buffer.isBuffer(body)) return body.length;
  const declared = responseHeader(response, 'content-length');
  if (declared !== undefined && /^\d{1,15}$/.test(declared)) return Number(declared);
  return Buffer.isBuffer(body) && body.length > 0 ? body.length : undefined;
}
