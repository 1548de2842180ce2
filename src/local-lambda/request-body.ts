import type { IncomingMessage } from 'node:http';

/** The body, or only its size (as far as known) when it is larger than the limit. */
export type RequestBody =
  { readonly complete: true; readonly bytes: Buffer } | { readonly complete: false; readonly size: number };

/**
 * Reads a request's body into memory, up to `limit` bytes. What comes beyond is thrown away as it arrives rather than
 * the connection cut: a client that is still sending could not read the answer then.
 *
 * @throws {Error} When the connection breaks off.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<RequestBody> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > limit) {
    request.resume();
    return Promise.resolve({ complete: false, size: announced });
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
      } else {
        chunks.length = 0;
        resolve({ complete: false, size });
      }
    });
    request.on('end', () => {
      resolve({ complete: true, bytes: Buffer.concat(chunks) });
    });
    request.on('error', reject);
  });
}
