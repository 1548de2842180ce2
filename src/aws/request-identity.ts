import { LambdaClient } from '@aws-sdk/client-lambda';
import type { AwsCredentialIdentity } from '@smithy/types';
import { UndiciHttpHandler } from '@smithy/undici-http-handler';
import type { Dispatcher } from 'undici';
import { LambdaProxyError } from '../errors/lambda-proxy-error';
import { groupByName } from '../http/query-string';
import { canonicalPath, canonicalQuery } from './canonical-target';
import { ServiceClock } from './clock';
import type { ConnectionSettings } from './connection-settings';
import { credentialSource } from './credentials';
import { isIdentityRefusal } from './identity-refused';
import { isLocalEndpoint } from './loopback';
import { SigV4Signer } from './request-signer';
import type { IncomingAnswer, OutgoingHeaders, SendProgress } from './send';
import type { SignableTarget } from './signable-target';
import type { SigningScope } from './signing-scope';

/** What is signed of a request: nothing that a proxy on the way may change. */
export interface SignableRequest {
  readonly method: string;
  /** The origin that it goes to. */
  readonly url: URL;
  readonly target: SignableTarget;
  readonly body: Buffer;
}

/** Signs requests to an HTTP endpoint of AWS with the gateway's own credentials. */
export class RequestIdentity {
  readonly #clock = new ServiceClock();
  readonly #client: LambdaClient;
  readonly #signer = new SigV4Signer();
  readonly #origin: string;
  #last: AwsCredentialIdentity | undefined;
  /** AWS refused the last credentials: the next request fetches new ones. */
  #isRefused = false;

  constructor(
    settings: ConnectionSettings,
    private readonly scope: SigningScope,
    url: URL,
    dispatcher: Dispatcher,
  ) {
    const region = settings.region ?? scope.region;
    const isLocal = isLocalEndpoint(url.origin);
    const { provider, origin } = credentialSource({ ...settings, region }, () => isLocal);
    this.#origin = origin;
    // The SDK's own, for what it does around credentials: a web identity's it asks of STS, the way that the client goes.
    this.#client = new LambdaClient({
      credentials: provider,
      region,
      requestHandler: new UndiciHttpHandler({ dispatcher }),
    });
  }

  /** @returns the headers that carry the signature */
  async sign({ method, url, target, body }: SignableRequest, progress: SendProgress): Promise<OutgoingHeaders> {
    progress.phase = 'credentials';
    const query = Object.fromEntries([...groupByName(target.parameters)].map(([name, values]) => [name, [...values]]));
    const request = {
      method,
      canonicalPath: canonicalPath(target.path),
      canonicalQuery: canonicalQuery(query),
      headers: { host: url.host },
      body,
    };
    const identity = await this.#identity();
    return this.#signer.sign(request, identity, this.scope, this.#clock.now());
  }

  /**
   * What AWS has against the gateway's own signature, if that is what an answer says. It is a reason to have new
   * credentials, or the right time, for the next request, and never to repeat this one: that the function was not asked is
   * likely, not certain.
   */
  refusalOf(answer: IncomingAnswer<unknown>): LambdaProxyError | undefined {
    const name = refusalName(answer);
    if (name === undefined || !isIdentityRefusal(name)) {
      return accessDenied(answer, 'these credentials may not call the functionUrl');
    }
    this.#isRefused = true;
    this.#clock.setBy(answer.headers.date);
    return new LambdaProxyError('CREDENTIALS', `AWS refuses the signature with those of ${this.#origin} (${name})`);
  }

  async #identity(): Promise<AwsCredentialIdentity> {
    try {
      const current = await this.#client.config.credentials(this.#isRefused ? { forceRefresh: true } : undefined);
      if (current !== this.#last) this.#isRefused = false;
      return (this.#last = current);
    } catch (cause) {
      throw new LambdaProxyError('CREDENTIALS', `no usable AWS credentials from ${this.#origin}`, { cause });
    }
  }
}

/**
 * AWS does not let this caller in. Its text names role and account, or the API, with or without a signature.
 *
 * @param why for the log
 */
export function accessDenied(answer: IncomingAnswer<unknown>, why: string): LambdaProxyError | undefined {
  return refusalName(answer) === 'AccessDeniedException' ? new LambdaProxyError('ACCESS_DENIED', why) : undefined;
}

function refusalName({ statusCode, headers }: IncomingAnswer<unknown>): string | undefined {
  return statusCode === 403 ? String(headers['x-amzn-errortype']).split(':')[0] : undefined;
}
