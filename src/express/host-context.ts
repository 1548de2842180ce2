import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { CONSUMER_FIELDS } from '../formats/caller';
import type { ExpressRequest } from '../host/express-gateway';
import type { HostContext, HostRoute, RouteParams, RoutePattern } from '../host/host-context';
import { splitRequestTarget } from '../http/request-target';
import { isPathOf } from '../http/route';

/** A request of plain Express, 4 or 5, as far as we use it. Declared here, so that nobody needs Express' own types. */
export interface PlainRequest extends ExpressRequest {
  readonly originalUrl: string;
  readonly baseUrl: string;
  readonly params: object;
  readonly route?: unknown;
  /** What passport and its like found. */
  readonly user?: unknown;
  /** What middleware for request ids set. */
  readonly id?: unknown;
}

export interface PlainResponse extends ServerResponse {
  readonly locals: object;
}

/** `req.route`, in both versions. */
interface Route {
  readonly path: RoutePattern | readonly RoutePattern[];
  readonly methods: Readonly<Record<string, boolean>>;
}

/** What plain Express knows of a request. */
export function expressContext(req: PlainRequest, res: PlainResponse): HostContext {
  const url = wholeTarget(req);
  const mount = { syntax: syntaxOf(req), mountPath: req.baseUrl };
  const { pattern, methods } = findRoute(req.route as Route | undefined, mount, splitRequestTarget(url).path);
  return {
    requestId: ownId(req.id) ?? randomUUID(),
    url,
    route: { ...mount, pattern, params: req.params as RouteParams },
    apiEndpoint: { methods },
    consumer: describeUser(req.user),
    lambda: (res.locals as { readonly lambda?: unknown }).lambda,
    requestStream: undefined,
  };
}

/** An id goes into a header of the answer: only what is safe there counts. */
function ownId(id: unknown): string | undefined {
  const text = typeof id === 'number' ? String(id) : id;
  return typeof text === 'string' && /^[!-~]{1,256}$/.test(text) ? text : undefined;
}

/**
 * The request target with what `use` took from it, and without the slash that it puts where nothing is left. What earlier
 * middleware rewrote stays rewritten, so that it is still what the route's pattern is about.
 */
function wholeTarget({ url, baseUrl, originalUrl }: PlainRequest): string {
  if (baseUrl === '') return url;
  const { path, rawQuery } = splitRequestTarget(url);
  const rest = path === '/' && splitRequestTarget(originalUrl).path === baseUrl ? '' : path;
  return `${baseUrl}${rest}${rawQuery === '' ? '' : `?${rawQuery}`}`;
}

type Mount = Pick<HostRoute, 'syntax' | 'mountPath'>;

/**
 * The route's pattern that has this path: a route may have several, and `req.route` of an earlier one stays behind when
 * that has called `next`. Middleware of `use` is like two endpoints of a gateway, the mount path and all below it.
 */
function findRoute(
  route: Route | undefined,
  mount: Mount,
  path: string,
): { readonly pattern: RoutePattern; readonly methods: readonly string[] } {
  const pattern = [route?.path ?? []].flat().find((candidate) => isPathOf({ ...mount, pattern: candidate }, path));
  if (route && pattern !== undefined) return { pattern, methods: Object.keys(route.methods) };
  const isMountItself = mount.mountPath !== '' && path.length <= mount.mountPath.length + 1;
  return { pattern: isMountItself ? '/' : '*', methods: [] };
}

/** Only an application of Express 4 has `_router`. */
function syntaxOf({ app }: PlainRequest): 4 | 5 {
  return '_router' in app ? 4 : 5;
}

/**
 * `req.user` is what an application likes: the claims of a token, which has a time (RFC 7519, section 4.1), or a record of
 * its database, of which functions see what they would see of the gateway's own users.
 */
function describeUser(user: unknown): unknown {
  if (typeof user !== 'object' || user === null || 'exp' in user || 'iat' in user) return user;
  const fields = CONSUMER_FIELDS.map((name) => [name, (user as Readonly<Record<string, unknown>>)[name]] as const);
  return { ...Object.fromEntries(fields), type: 'user' };
}
