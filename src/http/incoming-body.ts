import type { Readable } from 'node:stream';
import { LambdaProxyError } from '../errors/lambda-proxy-error';
import type { ExpressRequest } from '../host/express-gateway';
import type { EndSignal } from './end-signal';
import type { RequestBody } from './read-body';
import { declaresBody, readBody, wasParsed } from './read-body';

/** The body of a request that is still to be read, once, in one of two ways. */
export class IncomingBody {
  constructor(
    private readonly req: ExpressRequest,
    /** What an earlier policy put in place of the request's own body. */
    private readonly requestStream: Readable | undefined,
  ) {}

  /**
   * All of it.
   *
   * @param limit bytes
   * @throws LambdaProxyError `REQUEST_TOO_LARGE`, `BODY_UNREADABLE`; the signal's reason
   */
  read(limit: number, signal: EndSignal): Promise<RequestBody> {
    return readBody(this.req, this.requestStream, limit, signal);
  }

  /** Whether the client announced a body, be it an empty one. */
  get isDeclared(): boolean {
    return declaresBody(this.req.headers, this.req.httpVersionMajor);
  }

  /** Whether the client's own bytes are still there: no earlier policy read, parsed or replaced them. */
  get isUntouched(): boolean {
    return this.requestStream === undefined && !wasParsed(this.req) && !this.req.readableEnded;
  }

  /**
   * Piece by piece, as fast as they are taken. To give up half-way leaves the connection open: an answer can still go out.
   *
   * @throws LambdaProxyError `BODY_UNREADABLE` while it is read
   */
  async *stream(): AsyncGenerator<Uint8Array, void> {
    const pieces = this.req.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
    try {
      yield* pieces;
    } catch (cause) {
      throw new LambdaProxyError('BODY_UNREADABLE', 'the request body could not be read', { cause });
    }
  }
}
