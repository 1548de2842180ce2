import { LambdaClient } from '@aws-sdk/client-lambda';
import type { AwsCredentialIdentity } from '@smithy/types';
import { UndiciHttpHandler } from '@smithy/undici-http-handler';
import { finished, type Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { LambdaProxyError } from '../errors/lambda-proxy-error';
import { Admission } from './admission';
import { withAttempts } from './attempts';
import { classifyError } from './classify-error';
import { ServiceClock } from './clock';
import type { ConnectionSettings } from './connection-settings';
import { credentialSource } from './credentials';
import { isIdentityRefused } from './identity-refused';
import type { CallContent, CallParts, CallProgress, Send } from './lambda-call';
import { callLambda } from './lambda-call';
import type { InvokeResult, LambdaConnection } from './lambda-connection';
import { isLocalEndpoint } from './loopback';
import type { InvokeTarget, PreparedCall } from './prepared-call';
import { prepareCall, preparing } from './prepared-call';
import { SigV4Signer } from './request-signer';
import type { StreamEnd } from './response-stream';
import { responseStream } from './response-stream';
import type { IncomingAnswer } from './send';
import { sendAndCollect, sendAndStream } from './send';
import { settledBefore } from './settled-before';

/** The way to Lambda for one set of settings: the SDK's client, and the calls that go through it. */
export class Connection implements LambdaConnection {
  readonly #client: LambdaClient;
  readonly #parts: CallParts;
  readonly #admission: Admission;
  readonly #clock = new ServiceClock();
  /** Where the credentials come from, for the log. */
  readonly #origin: string;
  readonly #prepared = new WeakMap<InvokeTarget, Promise<PreparedCall>>();
  /** Whether the endpoint is plain HTTP on this machine. */
  #isLocal = false;

  constructor(
    private readonly settings: ConnectionSettings,
    dispatcher: Dispatcher,
  ) {
    const { region, profile, endpoint } = settings;
    this.#admission = new Admission(settings);
    const { provider, origin } = credentialSource(settings, () => this.#isLocal);
    this.#origin = origin;
    const client = new LambdaClient({
      credentials: provider,
      // Not for our calls: the SDK asks STS for a web identity's credentials the way that the client goes.
      requestHandler: new UndiciHttpHandler({ dispatcher }),
      ...(region !== undefined && { region }),
      ...(profile !== undefined && { profile }),
      ...(endpoint !== undefined && { endpoint }),
    });
    const signer = new SigV4Signer('lambda', client.config.region, () => client.config.credentials());
    this.#client = preparing(client);
    this.#parts = { client, signer, clock: this.#clock, dispatcher };
  }

  async invoke(target: InvokeTarget, content: CallContent, progress: CallProgress): Promise<InvokeResult> {
    const release = this.#admission.admit();
    try {
      return readResult(await this.#attempts(target, content, progress, sendAndCollect));
    } finally {
      release();
    }
  }

  async invokeWithResponseStream(
    target: InvokeTarget,
    content: CallContent,
    progress: CallProgress,
    onEnd: (end: StreamEnd) => void,
  ): Promise<AsyncIterableIterator<Uint8Array>> {
    const release = this.#admission.admit();
    try {
      const answer = await this.#attempts(target, content, progress, sendAndStream);
      finished(answer.body, release);
      return responseStream(this.#client, answer, onEnd);
    } catch (error) {
      release();
      throw error;
    }
  }

  async #attempts<Body extends Buffer | Readable>(
    target: InvokeTarget,
    content: CallContent,
    progress: CallProgress,
    send: Send<Body>,
  ): Promise<IncomingAnswer<Body>> {
    const { signal } = progress;
    try {
      const attempts = withAttempts(this.settings.maxAttempts, signal, () =>
        this.#attempt(target, content, progress, send),
      );
      // The SDK's credentials cannot be given up by a signal.
      return await settledBefore(attempts, signal);
    } catch (thrown) {
      // What the SDK throws on an abort does not say why.
      if (signal.aborted) throw signal.reason;
      throw thrown instanceof LambdaProxyError ? thrown : classifyError(thrown);
    }
  }

  /** One attempt; refused credentials are renewed, once. */
  async #attempt<Body extends Buffer | Readable>(
    target: InvokeTarget,
    content: CallContent,
    progress: CallProgress,
    send: Send<Body>,
  ): Promise<IncomingAnswer<Body>> {
    const prepared = await this.#prepare(target);
    const identity = await this.#identity(progress);
    const { offset } = this.#clock;
    const call = (): Promise<IncomingAnswer<Body>> => {
      progress.attempts += 1;
      return callLambda(this.#parts, prepared, content, progress, send);
    };
    try {
      return await call();
    } catch (thrown) {
      const isRenewed =
        isIdentityRefused(thrown) && ((await this.#renew(identity, progress)) || this.#clock.offset !== offset);
      if (!isRenewed) throw thrown;
      return call();
    }
  }

  /** The request but for its event, which is the same each time. A failure is not remembered: files may be mended. */
  #prepare(target: InvokeTarget): Promise<PreparedCall> {
    const known = this.#prepared.get(target);
    if (known) return known;
    const fresh = prepareCall(this.#client, target).then(
      (prepared) => {
        this.#isLocal = isLocalEndpoint(prepared.origin);
        return prepared;
      },
      (cause: unknown) => {
        this.#prepared.delete(target);
        throw new LambdaProxyError('CONFIGURATION', 'no request can be made; see region, profile and endpoint', {
          cause,
        });
      },
    );
    this.#prepared.set(target, fresh);
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

function readResult({ headers, body }: IncomingAnswer<Buffer>): InvokeResult {
  const logTail = headers['x-amz-log-result'] as string | undefined;
  return {
    payload: body,
    functionError: headers['x-amz-function-error'] as string | undefined,
    logTail: logTail === undefined ? undefined : Buffer.from(logTail, 'base64').toString('utf8'),
  };
}
