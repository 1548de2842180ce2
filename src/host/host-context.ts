import type { Readable } from 'node:stream';
import type { ApiEndpoint } from './express-gateway';

/** What the application around the policy knows of a request beyond HTTP: Express Gateway, or plain Express. */
export interface HostContext {
  /** Its own id of the request, so that its log and the function's meet. */
  readonly requestId: string;
  /** Request target as the client sent it, after any rewriting by earlier policies. */
  readonly url: string;
  /** The route that matched: a pattern, a regular expression, or `*` for an endpoint without a path. */
  readonly routePattern: string | RegExp;
  /** What the router captured, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly apiEndpoint: ApiEndpoint;
  /** What an authentication policy found about the caller, as it left it. */
  readonly consumer: unknown;
  /** What earlier policies want the function to see. */
  readonly lambda: unknown;
  /** Body that an earlier policy put in place of the request's own. May never end. */
  readonly requestStream: Readable | undefined;
}
