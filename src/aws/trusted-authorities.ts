import { readFileSync } from 'node:fs';
import type { SecureContext } from 'node:tls';
import * as tls from 'node:tls';
import { ConfigurationError } from '../errors/configuration-error';

/**
 * Node's own certification authorities and those of a file. Made once per connection settings: a context per connection
 * would parse some 150 certificates each time.
 *
 * @throws ConfigurationError
 */
export function trustedAuthorities(caFile: string): SecureContext {
  try {
    return tls.createSecureContext({ ca: [...defaultAuthorities(), readFileSync(caFile, 'utf8')] });
  } catch (cause) {
    throw new ConfigurationError(`caFile ${JSON.stringify(caFile)} must be a readable PEM file of certificates`, {
      cause,
    });
  }
}

/** From Node 22.15 on those of `NODE_EXTRA_CA_CERTS` are among them. */
function defaultAuthorities(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => readonly string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
}
