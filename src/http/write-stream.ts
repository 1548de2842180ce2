import { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LambdaProxyError } from '../errors/lambda-proxy-error';
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
  let failure: unknown;
  const remember = (error: unknown): void => {
    failure ??= error;
  };
  const source = Readable.from(watched(body, announcedLength(res), exchange, remember), {
    objectMode: false,
    highWaterMark: 1,
  });
  const { signal } = exchange;
  const onAbort = (): void => {
    source.destroy(signal.reason as Error);
  };
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  try {
    await pipeline(source, res);
  } catch (error) {
    // pipeline says that the connection is gone; who began tells more.
    throw failure ?? error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
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

/** The body itself, counted, and its failure told to whoever writes it. */
async function* watched(
  body: AsyncIterable<Uint8Array>,
  announced: number | undefined,
  exchange: Exchange,
  onFailure: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  try {
    for await (const piece of body) {
      length += piece.length;
      exchange.bytesReceived += piece.length;
      if (announced !== undefined && length > announced) break;
      yield piece;
    }
    if (announced !== undefined && length !== announced) {
      throw new LambdaProxyError('MALFORMED_RESULT', 'the streamed body does not have the length that was announced');
    }
  } catch (error) {
    onFailure(error);
    throw error;
  }
}
