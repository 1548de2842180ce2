import { LambdaClient } from '@aws-sdk/client-lambda';
import type { AwsCredentialIdentity } from '@smithy/types';
import { UndiciHttpHandler } from '@smithy/undici-http-handler';
import { finished, type Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { LambdaProxyError } from '../errors/lambda-proxy-error';
import { throwIfAborted } from '../http/end-signal';
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

/** Milliseconds before their expiry from which on the SDK refreshes credentials. */
const REFRESH_AHEAD = 300_000;

/** The way to Lambda for one set of settings: the SDK's client, and the calls that go through it. */
export class Connection implements LambdaConnection {
  readonly #client: LambdaClient;
  readonly #parts: CallParts;
  readonly #admission: Admission;
  readonly #clock = new ServiceClock();
  /** Where the credentials come from, for the log. */
  readonly #origin: string;
  readonly #prepared = new WeakMap<InvokeTarget, PreparedCall | Promise<PreparedCall>>();
  #identity: AwsCredentialIdentity | undefined;
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
    this.#client = preparing(client);
    this.#parts = { client, signer: new SigV4Signer(), clock: this.#clock, dispatcher };
  }

  async invoke(target: InvokeTarget, content: CallContent, progress: CallProgress): Promise<InvokeResult> {
    const answer = await this.#call(target, content, progress, sendAndCollect);
    this.#admission.leave();
    return readResult(answer);
  }

  async invokeWithResponseStream(
    target: InvokeTarget,
    content: CallContent,
    progress: CallProgress,
    onEnd: (end: StreamEnd) => void,
  ): Promise<AsyncIterableIterator<Uint8Array>> {
    const answer = await this.#call(target, content, progress, sendAndStream);
    finished(answer.body, () => {
      this.#admission.leave();
    });
    return responseStream(this.#client, answer, onEnd);
  }

  /** Calls when there is a connection, which whoever gets the answer has to leave when it is read. */
  async #call<Body extends Buffer | Readable>(
    target: InvokeTarget,
    content: CallContent,
    progress: CallProgress,
    send: Send<Body>,
  ): Promise<IncomingAnswer<Body>> {
    const { signal } = progress;
    const turn = this.#admission.enter(progress);
    if (turn) await turn;
    try {
      throwIfAborted(signal);
      return await withAttempts(this.settings.maxAttempts, signal, () =>
        this.#attempt(target, content, progress, send),
      );
    } catch (thrown) {
      this.#admission.leave();
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
    // Neither files nor credentials that the SDK fetches can be given up by a signal.
    const known = this.#prepared.get(target);
    const prepared =
      known && !(known instanceof Promise)
        ? known
        : await settledBefore(known ?? this.#prepare(target), progress.signal);
    const identity = this.#knownIdentity() ?? (await settledBefore(this.#fetchIdentity(progress), progress.signal));
    const { offset } = this.#clock;
    progress.attempts += 1;
    try {
      return await callLambda(this.#parts, prepared, identity, content, progress, send);
    } catch (thrown) {
      if (!isIdentityRefused(thrown)) throw thrown;
      const renewed = await settledBefore(this.#renew(identity, progress), progress.signal);
      if (!renewed && this.#clock.offset === offset) throw thrown;
      progress.attempts += 1;
      return callLambda(this.#parts, prepared, renewed ?? identity, content, progress, send);
    }
  }

  /** The request but for its event, which is the same each time. A failure is not remembered: files may be mended. */
  #prepare(target: InvokeTarget): Promise<PreparedCall> {
    const fresh = prepareCall(this.#client, target).then(
      (prepared) => {
        this.#isLocal = isLocalEndpoint(prepared.origin);
        this.#prepared.set(target, prepared);
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

  /** What the SDK would hand out again, without the way through all its layers. */
  #knownIdentity(): AwsCredentialIdentity | undefined {
    const expiration = this.#identity?.expiration?.getTime() ?? Infinity;
    return expiration - Date.now() > REFRESH_AHEAD ? this.#identity : undefined;
  }

  async #fetchIdentity(progress: CallProgress, forceRefresh = false): Promise<AwsCredentialIdentity> {
    progress.phase = 'credentials';
    try {
      this.#identity = await this.#client.config.credentials(forceRefresh ? { forceRefresh } : undefined);
      return this.#identity;
    } catch (cause) {
      throw new LambdaProxyError('CREDENTIALS', `no usable AWS credentials from ${this.#origin}`, { cause });
    }
  }

  /**
   * Fetches new credentials, unless somebody else has done so since.
   * @returns undefined when there are only the refused ones
   */
  async #renew(refused: AwsCredentialIdentity, progress: CallProgress): Promise<AwsCredentialIdentity | undefined> {
    const isNew = (identity: AwsCredentialIdentity): boolean =>
      identity.accessKeyId !== refused.accessKeyId || identity.sessionToken !== refused.sessionToken;
    const current = await this.#fetchIdentity(progress);
    if (isNew(current)) return current;
    const fetched = await this.#fetchIdentity(progress, true);
    return isNew(fetched) ? fetched : undefined;
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
