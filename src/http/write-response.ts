import type { ServerResponse } from 'node:http';
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
 * A body in one piece is one `write`: the host's response-transformer wraps `write` only, and parses each piece on its own
 * (measured). Headers are set one by one, because it cannot take away what `writeHead` was given, and loggers ask for them
 * when the answer is out.
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
  const headers = endToEndHeaders(response.headers).concat(ownHeaders);
  try {
    res.statusCode = response.status;
    for (const [name, values] of headers) setHeader(res, name, values);
    const length = contentLength(method, response);
    if (length !== undefined) res.setHeader('Content-Length', length);
    const hasBody = mayHaveBody(method, response.status);
    if (Buffer.isBuffer(body)) writeWhole(res, hasBody ? body : NOTHING);
    else if (hasBody) await writeStream(res, body, exchange);
    else await endWithout(res, body);
  } catch (error) {
    if (!res.headersSent) for (const [name] of [...headers, ['Content-Length']] as const) res.removeHeader(name);
    // Not awaited: a body that waits for its next piece does not answer.
    if (!Buffer.isBuffer(body)) close(body).catch(() => undefined);
    throw error;
  }
}

const NOTHING = Buffer.alloc(0);

/** Bytes up to which a body is copied into one piece with the head. */
const SMALL = 8_192;

/**
 * `end` alone is one system call less; a policy that wrapped `write` has to see the body there, and as bytes. Node puts head
 * and body into one piece where both are text, of which each character may be a byte: a fiftieth of a small request's time
 * less (measured).
 */
function writeWhole(res: ServerResponse, body: Buffer): void {
  if (body.length === 0) res.end();
  else if (Object.hasOwn(res, 'write')) {
    res.write(body);
    res.end();
  } else if (body.length > SMALL || Object.hasOwn(res, 'end')) res.end(body);
  else res.end(body.toString('latin1'), 'latin1');
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

/** A function's own framing would contradict what Node sends. */
function endToEndHeaders(headers: readonly ResponseHeader[]): readonly ResponseHeader[] {
  const connection = headers.find(([name]) => name.toLowerCase() === 'connection');
  const dropped = hopByHopNames(connection?.[1] ?? NO_VALUES);
  return headers.filter(([name]) => {
    const lowerName = name.toLowerCase();
    return lowerName !== 'content-length' && !dropped.has(lowerName);
  });
}

const NO_VALUES: readonly string[] = [];

function setHeader(res: ServerResponse, name: string, values: readonly string[]): void {
  const before = ADDED_TO.has(name.toLowerCase()) ? res.getHeader(name) : undefined;
  const all = before === undefined ? values : [before, values].flat().map(String);
  const [first] = all;
  res.setHeader(name, first !== undefined && all.length === 1 ? first : all);
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
