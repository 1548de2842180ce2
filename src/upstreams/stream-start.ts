import { LambdaProxyError } from '../errors/lambda-proxy-error';
import { GrowingBuffer } from './growing-buffer';
import { JsonObjectScanner } from './json-object-scanner';

/** What a response stream begins with, and everything that comes after it. */
export type StreamStart =
  /** Status and headers, then the body. */
  | { readonly kind: 'metadata'; readonly metadata: unknown; readonly rest: AsyncIterable<Uint8Array> }
  /** The function does not stream: its whole result came in one piece. */
  | { readonly kind: 'result'; readonly payload: Buffer }
  /** No metadata: the body from its first byte. `first` is known already and is part of `rest`. */
  | {
      readonly kind: 'body';
      readonly first: Buffer;
      readonly isWhole: boolean;
      readonly rest: AsyncIterable<Uint8Array>;
    };

/**
 * Bytes within which metadata and its delimiter end.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
const MAX_METADATA_LENGTH = 16_384;
const DELIMITER_LENGTH = 8;

/** Bytes of an ordinary result: no more fits through Lambda in one piece. */
const MAX_RESULT_LENGTH = 6_291_556;

const NOTHING: Buffer = Buffer.alloc(0);

const METADATA_KEYS = ['statusCode', 'headers', 'multiValueHeaders', 'cookies'];
const RESULT_KEYS: ReadonlySet<string> = new Set([...METADATA_KEYS, 'body', 'isBase64Encoded']);

/**
 * Tells from the first bytes of a stream what it is. Pieces are cut anywhere, so that neither their borders nor the
 * content type that Lambda reports says anything. What begins with `{` is held until it can be told apart, and no longer:
 * a stream of JSON lines shows at its first line break.
 *
 * @throws LambdaProxyError `MALFORMED_RESULT` for metadata that is not JSON; whatever `pieces` throws
 */
export async function readStreamStart(pieces: AsyncIterator<Uint8Array, unknown>): Promise<StreamStart> {
  const scanner = new JsonObjectScanner();
  const buffer = new GrowingBuffer();
  for (;;) {
    const piece = await pieces.next();
    if (piece.done) return wholeStream(buffer.bytes, scanner);
    buffer.append(piece.value);
    if (buffer.length === 0) continue;
    const held = buffer.bytes;
    scanner.scan(held);
    if (isDelimiter(held, scanner.end)) return startWithMetadata(held, scanner.end, pieces);
    if (!mayBeMore(held, scanner)) return startWithBody(held, pieces);
  }
}

/** The same for a function whose stream is the body, whatever it begins with. */
export async function readBodyStart(pieces: AsyncIterator<Uint8Array, unknown>): Promise<StreamStart> {
  const piece = await pieces.next();
  const first = piece.done ? NOTHING : Buffer.from(piece.value);
  return { kind: 'body', first, isWhole: piece.done === true, rest: followedBy(first, pieces) };
}

/** Whether more bytes could still make this metadata, or an ordinary result. */
function mayBeMore(held: Buffer, scanner: JsonObjectScanner): boolean {
  if (scanner.isBroken) return isForeignMetadata(held) === undefined;
  if (scanner.end !== undefined) return isNul(held, scanner.end, held.length);
  return held.length < (looksLikeResult(scanner.keys) ? MAX_RESULT_LENGTH : MAX_METADATA_LENGTH);
}

function isDelimiter(held: Buffer, end: number | undefined): end is number {
  return end !== undefined && held.length >= end + DELIMITER_LENGTH && isNul(held, end, end + DELIMITER_LENGTH);
}

function isNul(bytes: Buffer, from: number, to: number): boolean {
  return bytes.subarray(from, to).every((byte) => byte === 0);
}

function startWithMetadata(held: Buffer, end: number, pieces: AsyncIterator<Uint8Array, unknown>): StreamStart {
  if (end + DELIMITER_LENGTH > MAX_METADATA_LENGTH) throw malformedMetadata('is longer than 16 KB');
  const rest = followedBy(held.subarray(end + DELIMITER_LENGTH), pieces);
  return { kind: 'metadata', metadata: parseMetadata(held.subarray(0, end)), rest };
}

function startWithBody(held: Buffer, pieces: AsyncIterator<Uint8Array, unknown>): StreamStart {
  if (isForeignMetadata(held) === true) throw malformedMetadata('is not JSON');
  return { kind: 'body', first: held, isWhole: false, rest: followedBy(held, pieces) };
}

function wholeStream(held: Buffer, { end, keys }: JsonObjectScanner): StreamStart {
  if (end === held.length && keys.length > 0 && looksLikeResult(keys)) {
    return { kind: 'result', payload: held };
  }
  return { kind: 'body', first: held, isWhole: true, rest: followedBy(held) };
}

/** A status, or nothing but what results are made of; load balancers' results have more keys. */
function looksLikeResult(keys: readonly string[]): boolean {
  return keys.includes('statusCode') || keys.every((key) => RESULT_KEYS.has(key));
}

/**
 * Whether a function writes metadata, but not in JSON: text, exactly eight NULs, something else. An archive, which begins
 * with the name of its first file, has a longer run of them. Undefined while the NULs are the last that is there.
 */
function isForeignMetadata(held: Buffer): boolean | undefined {
  const start = held.indexOf(0);
  const isText = start > 0 && held.subarray(0, start).every((byte) => byte >= 0x20 && byte < 0x7f);
  if (!isText || start > MAX_METADATA_LENGTH) return false;
  const length = held.subarray(start, start + DELIMITER_LENGTH + 1).findIndex((byte) => byte !== 0);
  if (length === -1) return held.length > start + DELIMITER_LENGTH ? false : undefined;
  return length === DELIMITER_LENGTH;
}

function parseMetadata(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw malformedMetadata('is not JSON');
  }
}

function malformedMetadata(why: string): LambdaProxyError {
  return new LambdaProxyError('MALFORMED_RESULT', `the metadata of the function's response stream ${why}`);
}

/**
 * A piece that was read already, and the ones after it. Closing it closes the source, begun or not, which a generator
 * would not do.
 */
function followedBy(first: Buffer, pieces?: AsyncIterator<Uint8Array, unknown>): AsyncIterable<Uint8Array> {
  const done = { done: true, value: undefined } as const;
  let pending: Uint8Array | undefined = first.length > 0 ? first : undefined;
  const iterator: AsyncIterator<Uint8Array, unknown> = {
    next: () => {
      if (!pending) return pieces?.next() ?? Promise.resolve(done);
      const value = pending;
      pending = undefined;
      return Promise.resolve({ done: false, value });
    },
    return: async () => {
      await pieces?.return?.();
      return done;
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
