import { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LambdaProxyError } from '../errors/lambda-proxy-error';
import type { EndSignal } from './end-signal';
import type { Exchange } from './exchange';

/**
 * Hands a streamed body on as it comes, as fast as the client takes it. The head goes out before the first piece.
 *
 * A body that fails, or does not have the length it announced, ends with a broken connection, so that the client can tell
 * (RFC 9112, section 8): never with a clean end, never with words about the failure in it.
 *
 * @throws what the body threw, or why the client is gone
 */
export async function writeStream(
  res: ServerResponse,
  body: AsyncIterable<Uint8Array>,
  exchange: Exchange,
): Promise<void> {
  sendHead(res);
  exchange.headSent();
  exchange.phase = 'stream';
  try {
    for await (const piece of watched(body, announcedLength(res), exchange)) {
      // Wrappers know buffers only, and the host's response-transformer returns nothing (measured).
      const buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      if ((res.write(buffer) as unknown) === false) await emitted(res, 'drain', exchange.signal);
    }
  } catch (error) {
    // Node hands what was written on to the connection a tick later.
    await nextTurn();
    throw error;
  }
  res.end();
  if (!res.writableFinished) await emitted(res, 'finish', exchange.signal);
}

/**
 * Waits for an event of a response, or until there is nobody left who waits for it.
 * @throws the signal's reason
 */
function emitted(res: ServerResponse, event: 'drain' | 'finish', signal: EndSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onEvent = (): void => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    };
    const onAbort = (): void => {
      const reason = signal.reason as Error;
      res.off(event, onEvent);
      reject(reason);
    };
    res.once(event, onEvent);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}

/**
 * `flushHeaders` would do, but that it writes header values as UTF-8, where Node writes Latin-1 otherwise (measured on 20).
 * Not `res.write`: middleware that wraps it would take nothing for a piece of the body.
 */
function sendHead(res: ServerResponse): void {
  ServerResponse.prototype.write.call(res, '', 'latin1');
}

function announcedLength(res: ServerResponse): number | undefined {
  const length = res.getHeader('content-length');
  return length === undefined ? undefined : Number(length);
}

/** The body itself, counted. */
async function* watched(
  body: AsyncIterable<Uint8Array>,
  announced: number | undefined,
  exchange: Exchange,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    exchange.bytesReceived += piece.length;
    if (announced !== undefined && length > announced) break;
    yield piece;
  }
  if (announced !== undefined && length !== announced) {
    throw new LambdaProxyError('MALFORMED_RESULT', 'the streamed body does not have the length that was announced');
  }
}
