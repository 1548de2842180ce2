import type { OptionTable } from './define';
import { define } from './define';
import { boolean, certificateFile, httpUrl, integer } from './kinds';

/** Time, connections and the network in between. */
export const networkSettings = {
  timeout: define(
    integer(50, 900_000, 'ms'),
    'both',
    29_000,
    'From the arrival of the request to the head of the answer, earlier policies and the body of the request included. Beyond it: 504.',
  ),
  streamIdleTimeout: define(
    integer(50, 900_000, 'ms'),
    'both',
    300_000,
    'Between two pieces of a streamed answer. Beyond it the answer is broken off.',
  ),
  connectTimeout: define(
    integer(50, 900_000, 'ms'),
    'both',
    3_000,
    'To open a connection to AWS, its TLS handshake included.',
  ),
  maxAttempts: define(
    integer(1, 10, 'attempts'),
    'both',
    1,
    'How often a request may be tried while it is certain that nothing was executed: no byte was sent, or Lambda throttled the call. Within `timeout`.',
  ),
  maxConnections: define(integer(1, 65_536, 'connections'), 'both', 512, 'Open connections to an endpoint of AWS.'),
  maxPending: define(
    integer(0, 1_048_576, 'requests'),
    'both',
    1_024,
    'Requests that may wait for one of `maxConnections`. Beyond: 503 with `Retry-After`, without waiting.',
  ),
  keepAliveTimeout: define(
    integer(0, 900_000, 'ms'),
    'both',
    20_000,
    'After which an idle connection is closed; `0` closes each after one request. Load balancers close theirs after 60 seconds: a request that meets a closed one fails, and is not repeated.',
  ),
  proxyUrl: define(
    httpUrl(),
    'both',
    undefined,
    'Outbound proxy for Lambda and STS. Without it `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of the environment.',
  ),
  caFile: define(
    certificateFile(),
    'both',
    undefined,
    "Certification authorities to trust beside Node's own, for an endpoint or proxy inside the company.",
  ),
  sslVerify: define(
    boolean(),
    'both',
    true,
    '`false` accepts every certificate. For local endpoints only; it is logged loudly.',
  ),
} as const satisfies OptionTable;
