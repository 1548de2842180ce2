import pathToRegexp from 'path-to-regexp';
import type { Key } from 'path-to-regexp';
import type { ApiEndpoint } from '../../host/express-gateway';
import type { HostRoute, RoutePattern } from '../../host/host-context';
import { decodePercent } from '../../http/query-string';
import { splitRequestTarget } from '../../http/request-target';
import { UserError } from '../user-error';

/** The path that an endpoint is asked for where nobody names one. */
export function defaultPath(endpoint: ApiEndpoint): string {
  const literal = patternsOf(endpoint).find((pattern) => typeof pattern === 'string' && !/[:*(]/.test(pattern));
  return typeof literal === 'string' ? literal : '/';
}

/**
 * The route of an endpoint that a request takes, as the host's router would say.
 * @throws UserError
 */
export function routeOf(endpoint: ApiEndpoint, url: string): HostRoute {
  const { path } = splitRequestTarget(url);
  const patterns = patternsOf(endpoint);
  for (const pattern of patterns) {
    const keys: Key[] = [];
    const found = pathToRegexp(pattern, keys).exec(path);
    if (found) return { pattern, syntax: 4, mountPath: '', params: parametersOf(keys, found) };
  }
  const known = patterns.map(String).join(', ');
  throw new UserError(`no path of apiEndpoint ${endpoint.apiEndpointName ?? ''} takes ${path}; --path fits ${known}`);
}

function parametersOf(keys: readonly Key[], found: RegExpExecArray): Readonly<Record<string, string>> {
  const pairs = keys.map(({ name }, index) => [String(name), found[index + 1]] as const);
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, decodePercent(value)]])),
  );
}

/** In the host's order: `pathRegex`, then `paths` or `path`, then everything. */
function patternsOf(endpoint: ApiEndpoint & { readonly pathRegex?: string }): readonly RoutePattern[] {
  const { pathRegex, paths = endpoint.path } = endpoint;
  if (pathRegex !== undefined) return [new RegExp(pathRegex)];
  if (paths === undefined || paths.length === 0) return ['*'];
  return typeof paths === 'string' ? [paths] : paths;
}
