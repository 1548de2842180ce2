import { isUtf8 } from 'node:buffer';
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

/** Between the tokens of JSON. */
const WHITE_SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

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
    const delimiter = findDelimiter(held, scanner);
    if (typeof delimiter === 'number') return startWithMetadata(held, delimiter, pieces);
    if (delimiter === 'none') return { kind: 'body', first: held, isWhole: false, rest: followedBy(held, pieces) };
  }
}

/** The same for a function whose stream is the body, whatever it begins with. */
export async function readBodyStart(pieces: AsyncIterator<Uint8Array, unknown>): Promise<StreamStart> {
  const piece = await pieces.next();
  const first = piece.done ? NOTHING : Buffer.from(piece.value);
  return { kind: 'body', first, isWhole: piece.done === true, rest: followedBy(first, pieces) };
}

/** Where the delimiter begins, that there is none, or that more bytes have to tell. */
function findDelimiter(held: Buffer, scanner: JsonObjectScanner): number | 'none' | 'open' {
  const { end, keys, isBroken } = scanner;
  if (end === undefined && !isBroken) {
    return held.length < (looksLikeResult(keys) ? MAX_RESULT_LENGTH : MAX_METADATA_LENGTH) ? 'open' : 'none';
  }
  if (end !== undefined) {
    const start = isMetadata(keys) ? skipWhiteSpace(held, end) : end;
    const following = held.subarray(start, start + DELIMITER_LENGTH);
    if (following.every((byte) => byte === 0)) return following.length === DELIMITER_LENGTH ? start : 'open';
  }
  return findAfterText(held);
}

/** Line breaks that some JSON libraries write behind an object. Lines of other objects are a body, and must not wait. */
function isMetadata(keys: readonly string[]): boolean {
  return keys.length > 0 && keys.every((key) => METADATA_KEYS.includes(key));
}

function skipWhiteSpace(bytes: Buffer, from: number): number {
  const length = bytes.subarray(from).findIndex((byte) => !WHITE_SPACE.has(byte));
  return length === -1 ? bytes.length : from + length;
}

/**
 * A function may write metadata that is no JSON object, or one that breaks off: text, exactly eight NULs, something else. An
 * archive, which begins with the name of its first file, has a longer run of them.
 */
function findAfterText(held: Buffer): number | 'none' | 'open' {
  const start = held.indexOf(0);
  if (start === -1 || start > MAX_METADATA_LENGTH || !isText(held.subarray(0, start))) return 'none';
  const length = held.subarray(start).findIndex((byte) => byte !== 0);
  if (length === -1) return held.length - start <= DELIMITER_LENGTH ? 'open' : 'none';
  return length === DELIMITER_LENGTH ? start : 'none';
}

/** UTF-8 without control characters other than white space. */
function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && bytes.every((byte) => byte >= 0x20 || WHITE_SPACE.has(byte));
}

function startWithMetadata(held: Buffer, delimiter: number, pieces?: AsyncIterator<Uint8Array, unknown>): StreamStart {
  if (delimiter + DELIMITER_LENGTH > MAX_METADATA_LENGTH) throw malformedMetadata('is longer than 16 KB');
  const rest = followedBy(held.subarray(delimiter + DELIMITER_LENGTH), pieces);
  return { kind: 'metadata', metadata: parseMetadata(held.subarray(0, delimiter)), rest };
}

function wholeStream(held: Buffer, scanner: JsonObjectScanner): StreamStart {
  const { end, keys } = scanner;
  if (end !== undefined && skipWhiteSpace(held, end) === held.length && keys.length > 0 && looksLikeResult(keys)) {
    return { kind: 'result', payload: held };
  }
  const isDelimited = findDelimiter(held, scanner) === 'open' && held.length >= DELIMITER_LENGTH;
  const delimiter = held.length - DELIMITER_LENGTH;
  if (isDelimited && held.indexOf(0) === delimiter) return startWithMetadata(held, delimiter);
  return { kind: 'body', first: held, isWhole: true, rest: followedBy(held) };
}

/** A status, or nothing but what results are made of; load balancers' results have more keys. */
function looksLikeResult(keys: readonly string[]): boolean {
  return keys.includes('statusCode') || keys.every((key) => RESULT_KEYS.has(key));
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
