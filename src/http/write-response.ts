import type { ServerResponse } from 'node:http';
import type { GatewayResponse, ResponseHeader } from './gateway-response';

/**
 * Headers that describe one connection or the framing of one message (RFC 9110, section 7.6.1; RFC 9112, section 6): a
 * function's own would contradict what Node sends. `content-length` is handled apart.
 */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers of earlier policies that an answer adds to instead of replacing: cors' `Vary`, a session's cookie. */
const ADDED_TO: ReadonlySet<string> = new Set(['vary', 'set-cookie']);

/**
 * Writes an answer, whole. Of headers that come twice the last one counts.
 *
 * One `write` and one `end`: the host's response-transformer wraps `write` only, and parses each piece on its own
 * (measured). Headers are set one by one, because it cannot take away what `writeHead` was given.
 *
 * @throws whatever a policy's wrapper around `res` throws; the answer's headers are then taken back, so that an error
 *   can still be answered
 */
export function writeResponse(res: ServerResponse, method: string, response: GatewayResponse): void {
  const headers = endToEndHeaders(response.headers);
  try {
    res.statusCode = response.status;
    for (const [name, values] of headers) setHeader(res, name, values);
    const length = contentLength(method, response);
    if (length !== undefined) res.setHeader('Content-Length', length);
    if (mayHaveBody(method, response.status) && response.body.length > 0) res.write(response.body);
    res.end();
  } catch (error) {
    if (!res.headersSent) for (const [name] of [...headers, ['Content-Length']] as const) res.removeHeader(name);
    throw error;
  }
}

function endToEndHeaders(headers: readonly ResponseHeader[]): readonly ResponseHeader[] {
  const named = headers
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, values]) => values.flatMap((value) => value.split(',')))
    .map((name) => name.trim().toLowerCase());
  return headers.filter(([name]) => !CONNECTION_HEADERS.has(name.toLowerCase()) && !named.includes(name.toLowerCase()));
}

function setHeader(res: ServerResponse, name: string, values: readonly string[]): void {
  const before = ADDED_TO.has(name.toLowerCase()) ? res.getHeader(name) : undefined;
  const all = [...(before === undefined ? [] : Array.isArray(before) ? before : [String(before)]), ...values];
  const [first] = all;
  res.setHeader(name, first !== undefined && all.length === 1 ? first : all);
}

function mayHaveBody(method: string, status: number): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 304;
}

/** The answer to HEAD has the length that GET's would have (RFC 9110, section 8.6), which only the function knows. */
function contentLength(method: string, response: GatewayResponse): number | string | undefined {
  if (mayHaveBody(method, response.status)) return response.body.length;
  if (method !== 'HEAD' || response.status === 204 || response.status === 304) return undefined;
  const declared = response.headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1][0];
  if (declared !== undefined && /^\d+$/.test(declared)) return declared;
  return response.body.length > 0 ? response.body.length : undefined;
}
