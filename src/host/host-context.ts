import type { Readable } from 'node:stream';
import type { ApiEndpoint } from './express-gateway';

/** A path as Express' routers take it. */
export type RoutePattern = string | RegExp;

/** What captured a part of the path: a text, or in Express 5 the segments of a wildcard. */
export type RouteParams = Readonly<Record<string, string | readonly string[]>>;

/** The route that matched, as Express has it. */
export interface HostRoute {
  /** `*` stands for every path, where the endpoint names none. */
  readonly pattern: RoutePattern;
  /** Express' major version: 5 writes its patterns in another way. */
  readonly syntax: 4 | 5;
  /** Where the route's router is mounted, percent-encoded as received; empty at the top. */
  readonly mountPath: string;
  /** What the router captured, decoded. */
  readonly params: RouteParams;
}

/** What the application around the policy knows of a request beyond HTTP: Express Gateway, or plain Express. */
export interface HostContext {
  /** Its own id of the request, so that its log and the function's meet. */
  readonly requestId: string;
  /** Request target as the client sent it, after any rewriting by earlier policies. */
  readonly url: string;
  readonly route: HostRoute;
  readonly apiEndpoint: ApiEndpoint;
  /** What an authentication policy found about the caller, as it left it. */
  readonly consumer: unknown;
  /** What earlier policies want the function to see. */
  readonly lambda: unknown;
  /** Body that an earlier policy put in place of the request's own. May never end. */
  readonly requestStream: Readable | undefined;
}
