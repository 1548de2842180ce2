import { Agent, EnvHttpProxyAgent, Pool } from 'undici';
import type { Dispatcher } from 'undici';
import type { NetworkSettings } from './connection-settings';
import { poolWithOrderlyEnds } from './orderly-end';
import { outboundProxy } from './outbound-proxy';
import { timedConnector } from './timed-connector';
import { trustedAuthorities } from './trusted-authorities';

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
  const { connectTimeout, maxConnections, keepAliveTimeout, proxyUrl, caFile, sslVerify } = settings;
  const tls = {
    rejectUnauthorized: sslVerify,
    ...(caFile !== undefined && { secureContext: trustedAuthorities(caFile) }),
  };
  const connect = { ...tls, timeout: connectTimeout, keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_DELAY };
  const options = {
    connect: timedConnector(connect),
    factory: poolWithOrderlyEnds,
    connections: maxConnections,
    // undici closes each connection after one request when it may send none ahead.
    ...(keepAliveTimeout === 0 ? { pipelining: 0 } : { keepAliveTimeout, keepAliveMaxTimeout: keepAliveTimeout }),
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
