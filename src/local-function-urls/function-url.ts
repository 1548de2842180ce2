import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { ExpressRequest, Logger } from '../host/express-gateway';
import type { HostContext } from '../host/host-context';
import { silencingErrors } from '../local-lambda/options';
import type { LambdaProxyOptions } from '../options/definitions';
import { resolveOptions } from '../options/resolve';
import { lambdaProxyHandler } from '../policies/lambda-proxy';
import { selectUpstream } from '../upstreams';

export type InvokeMode = 'BUFFERED' | 'RESPONSE_STREAM';

export interface FunctionUrlTarget {
  readonly functionName: string;
  readonly invokeMode: InvokeMode;
  /** URL of the local Lambda's Invoke API. */
  readonly endpoint: string;
}

/**
 * What a function URL is in the words of the policy: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 * Keys and region are those of nobody: the local Lambda checks no signature, and the environment's are not its business.
 */
const FUNCTION_URL = {
  payloadFormatVersion: '2.0',
  unhandledStatus: 502,
  timeout: 900_000,
  streamIdleTimeout: 900_000,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
} as const satisfies LambdaProxyOptions;

/**
 * The function behind its URL, by the policy's own rules.
 *
 * @throws ConfigurationError when the function's name is none
 */
export function serveFunctionUrl(
  target: FunctionUrlTarget,
  log: ((line: string) => void) | undefined,
): RequestListener {
  const logger = loggerOf(silencingErrors(log));
  const options = resolveOptions({}, { ...FUNCTION_URL, ...target }, 'a function URL');
  const handle = lambdaProxyHandler(options, selectUpstream(options, logger), logger);
  return (req, res) => {
    handle(asExpressRequest(req), res, contextOf(req));
  };
}

function loggerOf(log: (line: string) => void): Logger {
  return { error: log, warn: log, info: log, debug: () => undefined };
}

/** What Express adds to a request, for a server that trusts no proxy. */
function asExpressRequest(req: IncomingMessage): ExpressRequest {
  return Object.assign(req, { protocol: 'http', app: { get: () => undefined } }) as ExpressRequest;
}

/** Every path is the one route `$default`, and nobody has been asked who he is. */
function contextOf({ url = '/' }: IncomingMessage): HostContext {
  return {
    requestId: randomUUID(),
    url,
    route: { pattern: '*', syntax: 5, mountPath: '', params: {} },
    apiEndpoint: {},
    consumer: undefined,
    lambda: undefined,
    requestStream: undefined,
  };
}
