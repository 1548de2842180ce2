import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { UndiciHttpHandler } from '@smithy/undici-http-handler';
import { LambdaProxyError } from '../errors/lambda-proxy-error';
import type { ConnectionSettings } from './connection-settings';
import { credentialSource } from './credentials';
import { createDispatcher } from './dispatcher';
import { isIdentityRefused } from './identity-refused';

/** Whose credentials a connection has. */
export interface CallerIdentity {
  readonly arn: string;
  /** When they end, where they say so. The connection has fetched new ones before. */
  readonly expiration: Date | undefined;
  /** Where they come from. */
  readonly origin: string;
}

/**
 * Asks STS whom the credentials of a connection belong to, by the same credentials, proxy and certificates. Everybody may
 * ask: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 *
 * @throws LambdaProxyError `CREDENTIALS`, or `UPSTREAM_UNAVAILABLE` where only STS cannot be reached
 */
export async function callerIdentity(settings: ConnectionSettings): Promise<CallerIdentity> {
  const { region, profile, assumeRole } = settings;
  const { provider, origin } = credentialSource(settings, () => false);
  const { expiration } = await provider().catch((cause: unknown) => {
    throw new LambdaProxyError('CREDENTIALS', `no usable AWS credentials from ${origin}`, { cause });
  });
  const dispatcher = createDispatcher(settings);
  const client = new STSClient({
    credentials: provider,
    requestHandler: new UndiciHttpHandler({ dispatcher }),
    maxAttempts: 1,
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(assumeRole?.stsEndpoint !== undefined && { endpoint: assumeRole.stsEndpoint }),
  });
  try {
    const { Arn: arn = '' } = await client.send(new GetCallerIdentityCommand({}));
    return { arn, expiration, origin };
  } catch (cause) {
    if (isIdentityRefused(cause))
      throw new LambdaProxyError('CREDENTIALS', `STS refuses those of ${origin}`, { cause });
    throw new LambdaProxyError('UPSTREAM_UNAVAILABLE', 'STS gives no answer', { cause });
  } finally {
    await dispatcher.close();
  }
}
