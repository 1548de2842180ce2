import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { UndiciHttpHandler } from '@smithy/undici-http-handler';
import type { AssumeRole, ConnectionSettings } from './connection-settings';
import { createDispatcher } from './dispatcher';
import type { CredentialProvider } from './refreshing-credentials';
import { refreshingCredentials } from './refreshing-credentials';
import { Shared } from './shared';

/** At module level: connections that differ in anything else share the credentials of a role. */
const roles = new Shared<CredentialProvider>();

/** Name of the session in CloudTrail, where `roleSessionName` gives none. */
const SESSION_NAME = 'express-gateway-plugin-lambda';

/** The credentials of an assumed role; one provider per role and way to STS, however many connections use it. */
export function assumedRole(
  settings: ConnectionSettings,
  role: AssumeRole,
  base: AwsCredentialIdentityProvider,
): AwsCredentialIdentityProvider {
  const { region, profile, credentials, connectTimeout, proxyUrl, caFile, sslVerify } = settings;
  const key = JSON.stringify([role, region, profile, credentials, connectTimeout, proxyUrl, caFile, sslVerify]);
  return roles.get(key, () => {
    // Its own: the connection that asked first may be gone before the role is.
    const dispatcher = createDispatcher(settings);
    const fetch = fromTemporaryCredentials({
      masterCredentials: base,
      params: {
        RoleArn: role.roleArn,
        RoleSessionName: role.roleSessionName ?? SESSION_NAME,
        ...(role.externalId !== undefined && { ExternalId: role.externalId }),
        ...(role.durationSeconds !== undefined && { DurationSeconds: role.durationSeconds }),
      },
      clientConfig: {
        requestHandler: new UndiciHttpHandler({ dispatcher }),
        ...(region !== undefined && { region }),
        ...(profile !== undefined && { profile }),
        ...(role.stsEndpoint !== undefined && { endpoint: role.stsEndpoint }),
      },
    });
    return { value: refreshingCredentials(() => fetch()), close: () => void dispatcher.close() };
  });
}
