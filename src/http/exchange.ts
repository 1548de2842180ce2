import type { ServerResponse } from 'node:http';
import { LambdaProxyError } from '../errors/lambda-proxy-error';

/** The stages of a request, in order, as the log names them. */
export type Phase =
  'request' | 'event' | 'credentials' | 'connect' | 'invoke' | 'body' | 'result' | 'answer' | 'stream';

/**
 * One request on its way: when it began, how far it got, and the signal that ends it early. The signal's reason is the
 * error that ended it, because what the SDK throws on an abort does not say why.
 */
export class Exchange {
  readonly receivedAt = new Date();
  phase: Phase = 'request';
  /** How often the function was tried. */
  attempts = 0;
  readonly #started = performance.now();
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly res: ServerResponse,
    /** Milliseconds until the answer's head must be there. */
    timeout: number,
  ) {
    this.#timer = setTimeout(() => {
      this.#controller.abort(new LambdaProxyError('TIMEOUT', `no answer within ${timeout} ms`));
    }, timeout);
    res.once('close', this.#onClose);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get elapsed(): number {
    return Math.round(performance.now() - this.#started);
  }

  /** The answer's head is out: from here on the deadline does not count, only the client's leaving. */
  headSent(): void {
    clearTimeout(this.#timer);
  }

  /** Takes timer and listener down. To be called when the answer was handed over, however it went. */
  end(): void {
    clearTimeout(this.#timer);
    this.res.off('close', this.#onClose);
  }

  /** `close` without `finish`: the connection went away before the answer was through. */
  readonly #onClose = (): void => {
    if (this.res.writableFinished) return;
    this.#controller.abort(new LambdaProxyError('CLIENT_CLOSED', 'the client closed the connection'));
  };
}
