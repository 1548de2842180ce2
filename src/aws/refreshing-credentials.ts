import type { AwsCredentialIdentity } from '@smithy/types';

/** Credentials as the SDK asks for them. */
export type CredentialProvider = (options?: { readonly forceRefresh?: boolean }) => Promise<AwsCredentialIdentity>;

/** Milliseconds before expiry from which on new credentials are fetched, unless a fifth of their life is shorter. */
const REFRESH_AHEAD = 300_000;

/**
 * Remembers credentials until they expire, and shares a fetch among all who wait for it. Shortly before they expire new
 * ones are fetched in the background: a slow or failing STS is felt only once the old ones no longer work.
 */
export function refreshingCredentials(fetch: () => Promise<AwsCredentialIdentity>): CredentialProvider {
  let current: AwsCredentialIdentity | undefined;
  let refreshFrom = Infinity;
  let pending: Promise<AwsCredentialIdentity> | undefined;

  async function fetchNow(): Promise<AwsCredentialIdentity> {
    const fetchedAt = Date.now();
    current = await fetch();
    const expiresAt = current.expiration?.getTime() ?? Infinity;
    refreshFrom = expiresAt - Math.min(REFRESH_AHEAD, (expiresAt - fetchedAt) / 5);
    return current;
  }

  function refresh(): Promise<AwsCredentialIdentity> {
    pending ??= fetchNow().finally(() => (pending = undefined));
    return pending;
  }

  return async (options) => {
    if (!current || options?.forceRefresh || isExpired(current)) return refresh();
    // Its failure is that of the request that finds the credentials expired.
    if (Date.now() >= refreshFrom) refresh().catch(() => undefined);
    return current;
  };
}

function isExpired({ expiration }: AwsCredentialIdentity): boolean {
  return expiration !== undefined && expiration.getTime() <= Date.now();
}
