import type { ExpressRequest, HostResponse, Logger } from '../host/express-gateway';
import type { HostContext } from '../host/host-context';

/** Answers one request. */
export type Handler = (req: ExpressRequest, res: HostResponse, host: HostContext) => void;

/** Answers that are given, or will be, by any policy. */
const taken = new WeakSet<HostResponse>();

/**
 * A handler that takes each request once. What goes on twice (`next(); next()`) reaches the policy behind this one, too,
 * and a second function would run.
 */
export function once(handle: Handler, logger: Logger): Handler {
  return (req, res, host) => {
    if (taken.has(res)) {
      logger.error('lambda-proxy was asked twice for one request: what comes before it went on twice');
      return;
    }
    taken.add(res);
    handle(req, res, host);
  };
}
