import type { IncomingMessage } from 'node:http';

/** Bytes, and milliseconds, that an upload may still take after it was answered. */
const MAX_DISCARDED = 16 * 1024 * 1024;
const MAX_TIME = 10_000;

/**
 * Takes what still comes of a request that was answered before it was complete, and throws it away: a client that is not
 * read cannot read its answer, and its next request neither. One that goes on and on is cut off.
 */
export function discardRest(req: IncomingMessage): void {
  if (req.complete || req.destroyed) return;
  let discarded = 0;
  const onData = (chunk: Buffer): void => {
    discarded += chunk.length;
    if (discarded > MAX_DISCARDED) req.socket.destroy();
  };
  const timer = setTimeout(() => req.socket.destroy(), MAX_TIME).unref();
  const done = (): void => {
    clearTimeout(timer);
    req.off('data', onData).off('end', done).off('close', done);
  };
  req.on('data', onData).once('end', done).once('close', done).resume();
}
