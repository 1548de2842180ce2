import { finished, type Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Logger } from '../host/express-gateway';
import { throwIfAborted } from '../http/end-signal';
import type { RequestTarget } from '../http/request-target';
import { Admission } from './admission';
import { withAttempts } from './attempts';
import { classifyHttpError } from './classify-error';
import type { ConnectionSettings } from './connection-settings';
import type { CallProgress } from './lambda-call';
import { RequestIdentity, accessDenied } from './request-identity';
import type { IncomingAnswer, OutgoingHeaders } from './send';
import { sendAndStream } from './send';
import { settledBefore } from './settled-before';
import { SharedConnections } from './shared-connections';
import { signableTarget } from './signable-target';
import type { SigningScope } from './signing-scope';

/** A request to the connection's origin. */
export interface HttpRequest {
  readonly method: string;
  readonly target: RequestTarget;
  readonly headers: OutgoingHeaders;
  readonly body: HttpBody;
}

/** All of it, or how to begin to read it: once for each attempt, and an attempt that is repeated has read nothing. */
export type HttpBody = Buffer | (() => AsyncIterable<Uint8Array>);

const UNSIGNED_REFUSED = 'the functionUrl lets nobody in without a signature, or just not from here; see authType';

/** The way to one HTTP endpoint for one set of settings. */
export class HttpConnection {
  readonly #admission: Admission;
  readonly #identity: RequestIdentity | undefined;

  /** @param scope what requests are signed for, if they are */
  constructor(
    private readonly url: URL,
    scope: SigningScope | undefined,
    private readonly settings: ConnectionSettings,
    private readonly dispatcher: Dispatcher,
  ) {
    this.#admission = new Admission(settings);
    this.#identity = scope && new RequestIdentity(settings, scope, url, dispatcher);
  }

  /**
   * Sends a request and resolves with the head of its answer, whatever its status. It reaches the endpoint at most once,
   * however many attempts `progress.attempts` counts. The body is to be read to its end or destroyed.
   *
   * @throws LambdaProxyError when the endpoint could not be reached or did not answer; the reason of `progress.signal`
   *   when that ended the call
   */
  async send(request: HttpRequest, progress: CallProgress): Promise<IncomingAnswer<Readable>> {
    const { signal } = progress;
    throwIfAborted(signal);
    await this.#admission.enter(progress);
    try {
      const attempts = withAttempts(this.settings.maxAttempts, signal, () => this.#attempt(request, progress));
      // The SDK's credentials cannot be given up by a signal.
      const answer = await settledBefore(attempts, signal);
      finished(answer.body, () => {
        this.#admission.leave();
      });
      return answer;
    } catch (thrown) {
      this.#admission.leave();
      if (signal.aborted) throw signal.reason;
      throw classifyHttpError(thrown);
    }
  }

  async #attempt(
    { method, target, headers, body }: HttpRequest,
    progress: CallProgress,
  ): Promise<IncomingAnswer<Readable>> {
    const signed = await this.#sign(method, target, body, progress);
    progress.attempts += 1;
    const answer = await sendAndStream(
      this.dispatcher,
      {
        origin: this.url.origin,
        path: signed.target.rawQuery === '' ? signed.target.path : `${signed.target.path}?${signed.target.rawQuery}`,
        method,
        headers: Object.assign({}, headers, signed.headers),
        body: typeof body === 'function' ? body() : body,
      },
      progress,
    );
    const refusal = this.#identity ? this.#identity.refusalOf(answer) : accessDenied(answer, UNSIGNED_REFUSED);
    if (refusal) {
      answer.body.resume();
      throw refusal;
    }
    return answer;
  }

  async #sign(
    method: string,
    target: RequestTarget,
    body: HttpBody,
    progress: CallProgress,
  ): Promise<Pick<HttpRequest, 'target' | 'headers'>> {
    if (!this.#identity) return { target, headers: {} };
    if (typeof body === 'function') throw new TypeError('a signature covers the whole body');
    const signable = signableTarget(target);
    return {
      target: signable,
      headers: await this.#identity.sign({ method, url: this.url, target: signable, body }, progress),
    };
  }
}

const connections = new SharedConnections<HttpConnection>();

/**
 * The connection to the origin of a URL; equal settings get the same one. Nothing is opened before the first call.
 * @throws ConfigurationError when they cannot work
 */
export function httpConnection(
  origin: string,
  scope: SigningScope | undefined,
  settings: ConnectionSettings,
  logger: Logger,
): HttpConnection {
  return connections.get(
    settings,
    logger,
    (own, dispatcher) => new HttpConnection(new URL(origin), scope, own, dispatcher),
    { origin, scope },
  );
}
