import { LambdaClient } from '@aws-sdk/client-lambda';
import type { AwsCredentialIdentity, HttpRequest, HttpResponse, RequestSigner } from '@smithy/types';
import { UndiciHttpHandler } from '@smithy/undici-http-handler';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { LambdaProxyError } from '../errors/lambda-proxy-error';
import { withAttempts } from './attempts';
import { classifyError } from './classify-error';
import { ServiceClock } from './clock';
import { isConnectFailure } from './connect-failure';
import type { ConnectionSettings } from './connection-settings';
import { credentialSource } from './credentials';
import { isIdentityRefused } from './identity-refused';
import type { CallContent, CallProgress } from './lambda-call';
import { callLambda, readBody } from './lambda-call';
import type { InvokeRequest, InvokeResult, LambdaConnection } from './lambda-connection';
import { isLoopback } from './loopback';
import type { InvokeTarget } from './prepared-call';
import { prepareCall, preparing } from './prepared-call';
import type { StreamEnd } from './response-stream';
import { responseStream } from './response-stream';
import { settledBefore } from './settled-before';

/** The way to Lambda for one set of settings: the SDK's client, and the calls that go through it. */
export class Connection implements LambdaConnection {
  readonly #client: LambdaClient;
  readonly #clock = new ServiceClock();
  /** Where the credentials come from, for the log. */
  readonly #origin: string;
  readonly #prepared = new Map<string, Promise<HttpRequest>>();
  #signer: RequestSigner | undefined;
  /** Whether the endpoint is plain HTTP on this machine. */
  #isLocal = false;
  #calls = 0;

  constructor(
    private readonly settings: ConnectionSettings,
    dispatcher: Dispatcher,
  ) {
    const { region, profile, endpoint } = settings;
    const { provider, origin } = credentialSource(settings, () => this.#isLocal);
    this.#origin = origin;
    this.#client = preparing(
      new LambdaClient({
        credentials: provider,
        requestHandler: new UndiciHttpHandler({ dispatcher }),
        ...(region !== undefined && { region }),
        ...(profile !== undefined && { profile }),
        ...(endpoint !== undefined && { endpoint }),
      }),
    );
  }

  async invoke(request: InvokeRequest, progress: CallProgress): Promise<InvokeResult> {
    this.#admit();
    try {
      return await this.#attempts('Invoke', request, progress, readResult);
    } finally {
      this.#calls -= 1;
    }
  }

  async invokeWithResponseStream(
    request: InvokeRequest,
    progress: CallProgress,
    onEnd: (end: StreamEnd) => void,
  ): Promise<AsyncIterableIterator<Uint8Array>> {
    this.#admit();
    const done = (): void => void (this.#calls -= 1);
    try {
      const open = (response: HttpResponse): HttpResponse => response;
      const response = await this.#attempts('InvokeWithResponseStream', request, progress, open);
      (response.body as Readable).once('close', done);
      return responseStream(this.#client, response, onEnd);
    } catch (error) {
      done();
      throw error;
    }
  }

  /** Counts a call in, or turns it away at once. */
  #admit(): void {
    const { maxConnections, maxPending } = this.settings;
    if (this.#calls >= maxConnections + maxPending) {
      const why = `${maxConnections} calls are under way and ${maxPending} wait; see maxConnections and maxPending`;
      throw new LambdaProxyError('OVERLOADED', why);
    }
    this.#calls += 1;
  }

  async #attempts<T>(
    operation: InvokeTarget['operation'],
    request: InvokeRequest,
    progress: CallProgress,
    read: (response: HttpResponse) => T | Promise<T>,
  ): Promise<T> {
    const target = { ...request, operation };
    const { signal } = progress;
    try {
      const attempts = withAttempts(this.settings.maxAttempts, signal, async () =>
        read(await this.#attempt(target, request, progress)),
      );
      // Neither the SDK's credentials nor a place in undici's queue can be given up by a signal.
      return await settledBefore(attempts, signal);
    } catch (thrown) {
      // What the SDK throws on an abort does not say why.
      if (signal.aborted) throw signal.reason;
      throw thrown instanceof LambdaProxyError ? thrown : classifyError(thrown);
    }
  }

  /** One attempt; refused credentials are renewed, once. */
  async #attempt(target: InvokeTarget, content: CallContent, progress: CallProgress): Promise<HttpResponse> {
    const prepared = await this.#prepare(target);
    const identity = await this.#identity(progress);
    const { offset } = this.#clock;
    try {
      return await this.#call(prepared, content, progress);
    } catch (thrown) {
      const isRenewed =
        isIdentityRefused(thrown) && ((await this.#renew(identity, progress)) || this.#clock.offset !== offset);
      if (!isRenewed) throw thrown;
      return this.#call(prepared, content, progress);
    }
  }

  async #call(prepared: HttpRequest, content: CallContent, progress: CallProgress): Promise<HttpResponse> {
    progress.phase = 'invoke';
    progress.attempts += 1;
    this.#signer ??= await this.#client.config.signer();
    try {
      const parts = { client: this.#client, signer: this.#signer, clock: this.#clock };
      return await callLambda(parts, prepared, content, progress);
    } catch (thrown) {
      if (isConnectFailure(thrown)) progress.phase = 'connect';
      throw thrown;
    }
  }

  /** The request but for its event, which is the same each time. A failure is not remembered: files may be mended. */
  #prepare(target: InvokeTarget): Promise<HttpRequest> {
    const { operation, functionName, qualifier, invocationType, logType } = target;
    const key = JSON.stringify([operation, functionName, qualifier, invocationType, logType]);
    const known = this.#prepared.get(key);
    if (known) return known;
    const fresh = prepareCall(this.#client, target).then(
      (prepared) => {
        this.#isLocal = prepared.protocol === 'http:' && isLoopback(prepared.hostname);
        return prepared;
      },
      (cause: unknown) => {
        this.#prepared.delete(key);
        throw new LambdaProxyError('CONFIGURATION', 'no request can be made; see region, profile and endpoint', {
          cause,
        });
      },
    );
    this.#prepared.set(key, fresh);
    return fresh;
  }

  async #identity(progress: CallProgress, forceRefresh = false): Promise<AwsCredentialIdentity> {
    progress.phase = 'credentials';
    try {
      return await this.#client.config.credentials(forceRefresh ? { forceRefresh } : undefined);
    } catch (cause) {
      throw new LambdaProxyError('CREDENTIALS', `no usable AWS credentials from ${this.#origin}`, { cause });
    }
  }

  /**
   * Fetches new credentials, unless somebody else has done so since.
   * @returns whether they differ from the refused ones
   */
  async #renew(refused: AwsCredentialIdentity, progress: CallProgress): Promise<boolean> {
    const isNew = (identity: AwsCredentialIdentity): boolean =>
      identity.accessKeyId !== refused.accessKeyId || identity.sessionToken !== refused.sessionToken;
    return isNew(await this.#identity(progress)) || isNew(await this.#identity(progress, true));
  }
}

async function readResult(response: HttpResponse): Promise<InvokeResult> {
  const logTail = response.headers['x-amz-log-result'];
  return {
    payload: await readBody(response),
    functionError: response.headers['x-amz-function-error'],
    logTail: logTail === undefined ? undefined : Buffer.from(logTail, 'base64').toString('utf8'),
  };
}
