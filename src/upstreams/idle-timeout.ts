import { LambdaProxyError } from '../errors/lambda-proxy-error';

/**
 * A stream that fails when its source is silent for too long between two pieces. Only waiting for the source counts: a
 * client that reads slowly does not make a function idle.
 *
 * @param timeout milliseconds
 * @param first the same for the first piece, where that has not the request's own deadline
 */
export async function* withIdleTimeout(
  source: AsyncIterable<Uint8Array>,
  timeout: number,
  first?: number,
): AsyncGenerator<Uint8Array> {
  const pieces = source[Symbol.asyncIterator]();
  try {
    let piece = await (first === undefined ? pieces.next() : within(first, pieces.next()));
    for (; !piece.done; piece = await within(timeout, pieces.next())) yield piece.value;
  } finally {
    // Not awaited: a source that never answers `next` never answers `return`.
    pieces.return?.().catch(() => undefined);
  }
}

async function within<T>(timeout: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new LambdaProxyError('TIMEOUT', `the stream was silent for ${timeout} ms`));
    }, timeout);
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}
