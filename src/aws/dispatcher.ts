import { Agent, EnvHttpProxyAgent, Pool } from 'undici';
import type { Dispatcher } from 'undici';
import type { NetworkSettings } from './connection-settings';
import { outboundProxy } from './outbound-proxy';
import { trustedAuthorities } from './trusted-authorities';

/**
 * Milliseconds after which an idle connection is closed. Load balancers close theirs after 60 seconds and NAT gateways
 * forget them after 350; a request that meets a closed one fails, and must not be repeated.
 */
const IDLE_TIMEOUT = 20_000;

/**
 * Milliseconds until TCP probes an idle connection. A peer that vanished behind a NAT shows by them while a function runs
 * for minutes; without them the call waits for ever.
 */
const TCP_KEEP_ALIVE_DELAY = 30_000;

/**
 * Milliseconds for an answer of STS and its kin, which the SDK asks by itself. Everyone who waits for credentials waits
 * for the same answer: one that never came would stop all traffic for good. Calls to Lambda bring a time of their own.
 */
const CREDENTIALS_TIMEOUT = 10_000;

/**
 * The connections to AWS for one set of settings.
 * @throws ConfigurationError
 */
export function createDispatcher(settings: NetworkSettings): Dispatcher {
  const { connectTimeout, maxConnections, proxyUrl, caFile, sslVerify } = settings;
  const tls = {
    rejectUnauthorized: sslVerify,
    ...(caFile !== undefined && { secureContext: trustedAuthorities(caFile) }),
  };
  const connect = { ...tls, timeout: connectTimeout, keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_DELAY };
  const options = {
    connect,
    connections: maxConnections,
    keepAliveTimeout: IDLE_TIMEOUT,
    keepAliveMaxTimeout: IDLE_TIMEOUT,
    headersTimeout: CREDENTIALS_TIMEOUT,
    bodyTimeout: CREDENTIALS_TIMEOUT,
  };
  const proxy = outboundProxy(proxyUrl);
  if (!proxy) return new Agent(options);
  return new EnvHttpProxyAgent({
    ...options,
    ...proxy,
    requestTls: connect,
    proxyTls: connect,
    // To the proxy itself: how long it may take to open the tunnel.
    clientFactory: (origin, poolOptions) => new Pool(origin, { ...poolOptions, headersTimeout: connectTimeout }),
  });
}
