import { createCredentialChain, fromEnv, fromIni, fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { assumedRole } from './assumed-role';
import type { ConnectionSettings } from './connection-settings';

/** Local emulators check no signature, but the SDK makes none without keys. */
const LOCAL_KEYS = { accessKeyId: 'local', secretAccessKey: 'local' };

export interface CredentialSource {
  readonly provider: AwsCredentialIdentityProvider;
  /** Where the credentials come from, as the log names it. */
  readonly origin: string;
}

/**
 * Where the credentials of a connection come from: the settings, most special first, or the SDK's standard chain.
 *
 * @param isLocal says whether the endpoint is plain HTTP on this machine; asked with each refresh
 */
export function credentialSource(settings: ConnectionSettings, isLocal: () => boolean): CredentialSource {
  const { credentials, assumeRole, profile } = settings;
  const base = credentials ? () => Promise.resolve(credentials) : standardChain(profile);
  if (assumeRole) {
    return { provider: assumedRole(settings, assumeRole, base), origin: 'the setting assumeRole' };
  }
  if (credentials) return { provider: base, origin: 'the setting credentials' };
  const origin = profile === undefined ? 'the standard AWS credential chain' : 'the setting profile';
  const local = localChain(profile);
  return { provider: (identity) => (isLocal() ? local(identity) : base(identity)), origin };
}

/** Files are read anew on each refresh: the SDK would otherwise keep those it has read once for ever. */
function standardChain(profile: string | undefined): AwsCredentialIdentityProvider {
  return fromNodeProviderChain({ ignoreCache: true, ...(profile !== undefined && { profile }) });
}

/** Without the metadata services of AWS, which a developer's machine would ask in vain for seconds. */
function localChain(profile: string | undefined): AwsCredentialIdentityProvider {
  const files = fromIni({ ignoreCache: true, ...(profile !== undefined && { profile }) });
  return profile === undefined ? createCredentialChain(fromEnv(), files, () => Promise.resolve(LOCAL_KEYS)) : files;
}
