import type { Logger } from '../host/express-gateway';
import type { LambdaProxyOptions } from '../options/definitions';
import { resolveOptions } from '../options/resolve';
import { lambdaProxyHandler } from '../policies/lambda-proxy';
import { selectUpstream } from '../upstreams';
import type { PlainRequest, PlainResponse } from './host-context';
import { expressContext } from './host-context';

/** Answers each request that it gets: it never calls `next`, and never throws. */
export type LambdaProxyMiddleware = (req: PlainRequest, res: PlainResponse) => void;

export interface LambdaProxyContext {
  /** Gets one line for each failure. Winston's and pino's loggers fit, and `console`; default: `console` without `debug`. */
  readonly logger?: Logger | undefined;
}

/** What the gateway's own logger writes unless told otherwise: all but `debug`. */
const standardLogger: Logger = {
  error: (line) => {
    console.error(line);
  },
  warn: (line) => {
    console.warn(line);
  },
  info: (line) => {
    console.info(line);
  },
  debug: () => undefined,
};

/**
 * The policy `lambda-proxy` as middleware for Express 4 and 5. Nothing of Express Gateway is needed.
 *
 * @param options the policy's settings
 * @throws ConfigurationError one line, when a setting is wrong
 */
export function lambdaProxy(
  options: LambdaProxyOptions,
  { logger = standardLogger }: LambdaProxyContext = {},
): LambdaProxyMiddleware {
  const resolved = resolveOptions({}, options, 'lambdaProxy()');
  const handle = lambdaProxyHandler(resolved, selectUpstream(resolved, logger), logger);
  return (req, res) => {
    if (res.headersSent) logger.error('lambda-proxy was not asked: earlier middleware has answered, and went on');
    else handle(req, res, expressContext(req, res));
  };
}
