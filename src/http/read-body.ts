import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { LambdaProxyError } from '../errors/lambda-proxy-error';
import type { ExpressRequest } from '../host/express-gateway';
import type { EndSignal } from './end-signal';
import { properties } from './properties';
import { serializeBody } from './serialize-body';

export interface RequestBody {
  readonly bytes: Buffer;
  /**
   * An earlier policy replaced or parsed the body: `Content-Length`, `Content-Encoding` and `Transfer-Encoding` of the
   * request no longer describe it.
   */
  readonly rewritten: boolean;
}

/**
 * The request's body, in whatever state earlier policies left it.
 *
 * 1. The host's json-schema condition and request-transformer leave a `requestStream` behind.
 * 2. It has no body: neither a length nor chunks (RFC 9112, section 6.3).
 * 3. A body parser leaves `req.body` and a drained request; two json-schema conditions leave an empty `requestStream`.
 * 4. Otherwise the request itself is unread.
 *
 * @param requestStream what an earlier policy put in place of the request's own body
 * @param limit bytes; more than that fails with `REQUEST_TOO_LARGE` before it is read
 * @param signal ends the waiting when the client leaves or the deadline passes
 */
export async function readBody(
  req: ExpressRequest,
  requestStream: Readable | undefined,
  limit: number,
  signal: EndSignal,
): Promise<RequestBody> {
  const [headers, isParsed, major] = properties(req, 'headers', '_body', 'httpVersionMajor');
  if (declaredLength(headers) > limit) throw tooLarge(limit);
  const replaced = requestStream && (await readReplacement(req, requestStream, { limit, signal }));
  if (replaced && !isLost(req, replaced.bytes)) return replaced;
  // Parsers leave an empty object behind all the same.
  if (isParsed !== true && !declaresBody(headers, major)) return skipEmpty(req);
  if (wasParsed(req)) return restoreParsed(req, limit);
  return { bytes: await readOwn(req, declaredLength(headers), { limit, signal }), rewritten: false };
}

async function readOwn(req: ExpressRequest, length: number, options: CollectOptions): Promise<Buffer> {
  const whole = length > 0 ? await receivedWhole(req, length) : undefined;
  if (whole) return whole;
  if (req.readableEnded) {
    throw new LambdaProxyError('INTERNAL', 'an earlier policy consumed the request body and did not keep it');
  }
  return collect(req, options);
}

/**
 * The body where it came in one piece with the head, as small ones do: what was put off goes on when Node has parsed all of
 * that piece. To listen for it takes a thirtieth of a small request's time more (measured).
 */
async function receivedWhole(req: ExpressRequest, length: number): Promise<Buffer | undefined> {
  await Promise.resolve();
  const [there] = properties(req, 'readableLength');
  if (there !== length) return undefined;
  const bytes = req.read() as Buffer | null;
  // The end comes when somebody reads on.
  req.resume();
  return bytes ?? undefined;
}

/** A number when request-transformer rewrote the body, text when it is the client's. */
function declaredLength(headers: IncomingHttpHeaders): number {
  return Number(headers['content-length'] ?? 0);
}

/**
 * Reads the stream that stands for the request. request-transformer sets the length as a number and never ends its
 * stream (measured): just that many bytes are read.
 */
async function readReplacement(req: ExpressRequest, stream: Readable, options: CollectOptions): Promise<RequestBody> {
  unpipeOthers(req, stream);
  const rewrittenLength: unknown = req.headers['content-length'];
  const rewritten = typeof rewrittenLength === 'number';
  const bytes = await collect(stream, { ...options, stopAt: rewritten ? rewrittenLength : undefined });
  return { bytes, rewritten };
}

/** A second json-schema condition leaves an empty stream for a body that the first one's parser took. */
function isLost(req: ExpressRequest, bytes: Buffer): boolean {
  return bytes.length === 0 && req._body === true && String(req.headers['content-length']) !== '0';
}

/** A body parser took the request's own bytes. */
export function wasParsed(req: ExpressRequest): boolean {
  const [isParsed, isEnded] = properties(req, '_body', 'readableEnded');
  return isParsed === true || (isEnded && req.body !== undefined);
}

function restoreParsed(req: ExpressRequest, limit: number): RequestBody {
  const bytes = serializeBody(req.body, req.headers['content-type']);
  if (bytes.length > limit) throw tooLarge(limit);
  return { bytes, rewritten: true };
}

/**
 * Most requests have no body, and to wait for the end of nothing takes as long as to make the event. The end is let come all
 * the same: Node would do it after the answer, by a way that takes a twentieth of a small request's time more (measured).
 */
function skipEmpty(req: ExpressRequest): RequestBody {
  req.resume();
  return { bytes: NOTHING, rewritten: false };
}

const NOTHING = Buffer.alloc(0);

/** Whether the request said that a body follows its head. */
export function declaresBody(headers: IncomingHttpHeaders, httpVersionMajor: number): boolean {
  // HTTP/2 needs neither.
  return headers['transfer-encoding'] !== undefined || declaredLength(headers) > 0 || httpVersionMajor > 1;
}

/** The request may still be piped into the stream of an earlier json-schema condition that nobody reads: a deadlock. */
function unpipeOthers(req: ExpressRequest, current: Readable): void {
  const piped = (req as unknown as { _readableState?: { pipes?: readonly unknown[] } })._readableState?.pipes ?? [];
  for (const destination of [...piped]) {
    if (destination !== current) req.unpipe(destination as NodeJS.WritableStream);
  }
}

interface CollectOptions {
  readonly limit: number;
  readonly signal: EndSignal;
  /** Bytes after which the body is complete, whether or not the stream ends. */
  readonly stopAt?: number | undefined;
}

/** Reads a stream to its end. Copies nothing when the body came in one piece, and leaves no listener behind. */
function collect(stream: Readable, { limit, signal, stopAt }: CollectOptions): Promise<Buffer> {
  if (stopAt === 0 || stream.readableEnded) return Promise.resolve(NOTHING);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > limit) fail(tooLarge(limit));
      else if (stopAt !== undefined && length >= stopAt) succeed();
    };
    const succeed = (): void => {
      stopListening();
      const [first] = chunks;
      resolve(first && chunks.length === 1 ? first : Buffer.concat(chunks, length));
    };
    const fail = (error: Error): void => {
      stopListening();
      reject(error);
    };
    const onError = (cause: unknown): void => {
      fail(new LambdaProxyError('BODY_UNREADABLE', 'the request body could not be read', { cause }));
    };
    const onClose = (): void => {
      onError(new Error('the connection closed before the body was complete'));
    };
    const onAbort = (): void => {
      fail(signal.reason as Error);
    };
    const stopListening = (): void => {
      stream.off('data', onData).off('end', succeed).off('error', onError).off('close', onClose);
      signal.removeEventListener('abort', onAbort);
    };
    stream.on('data', onData).on('end', succeed).on('error', onError).on('close', onClose);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else if (stream.destroyed) onClose();
  });
}

function tooLarge(limit: number): LambdaProxyError {
  return new LambdaProxyError('REQUEST_TOO_LARGE', `the request body is larger than ${limit} bytes`);
}
