import pathToRegexp from 'path-to-regexp';
import type { Key } from 'path-to-regexp';
import type { HostRoute, RoutePattern } from '../host/host-context';
import type { CompiledRoute, RouteParameter } from './compiled-route';
import { GREEDY, placeholder } from './compiled-route';
import { compileExpress4 } from './express-4-route';
import { compileExpress5 } from './express-5-route';
import type { MatchedRoute } from './gateway-request';

/** Patterns come from configuration or code. A hot reload makes new RegExp objects of the same source. */
const compiledPatterns = {
  4: new Map<string, CompiledRoute>([['*', everyPath()]]),
  5: new Map<string, CompiledRoute>([['*', everyPath()]]),
};
const compiledExpressions = new WeakMap<RegExp, CompiledRoute>();

/** By Express' major version. */
const compilers = { 4: compileExpress4, 5: compileExpress5 } as const;

/**
 * Describes the route that matched, as API Gateway would.
 *
 * @param path percent-encoded path of the request, before `stripPath` and `ignorePath`
 */
export function matchRoute({ pattern, syntax, mountPath, params }: HostRoute, path: string): MatchedRoute {
  const { resource, capture, parameters } = compile(pattern, syntax);
  const captures = capture(pathBelow(mountPath, path)) ?? [];
  const pairs = parameters
    .map((parameter, index) => [parameter.name, trimGreedy(parameter, captures[index])] as const)
    .filter((pair): pair is readonly [string, string] => pair[1] !== undefined && pair[1] !== '');
  return {
    pattern: typeof pattern === 'string' ? mounted(mountPath, pattern) : pattern,
    resource: mounted(mountPath, resource),
    // Express' own are decoded, so not usable for API Gateway's raw path parameters.
    pathParameters: Object.fromEntries(pairs),
    expressParams: params,
  };
}

/** Whether a path is one of a route. */
export function isPathOf({ pattern, syntax, mountPath }: Omit<HostRoute, 'params'>, path: string): boolean {
  return compile(pattern, syntax).capture(pathBelow(mountPath, path)) !== undefined;
}

/** What is left of a path for a mounted router: at least `/`, as Express has it. */
function pathBelow(mountPath: string, path: string): string {
  return path.slice(mountPath.length) || '/';
}

/** `/api` and `/users/:id` → `/api/users/:id`; `/api` and `/` → `/api`; `/api` and `*` → `/api/*`. */
function mounted(mountPath: string, pattern: string): string {
  if (mountPath === '') return pattern;
  if (pattern === '/') return mountPath;
  return pattern.startsWith('/') ? `${mountPath}${pattern}` : `${mountPath}/${pattern}`;
}

/** API Gateway cuts a trailing slash, and one too many in front, from a greedy parameter (recorded). */
function trimGreedy({ isGreedy }: RouteParameter, value: string | undefined): string | undefined {
  return isGreedy ? value?.replace(/^\/+/, '').replace(/\/$/, '') : value;
}

function compile(pattern: RoutePattern, syntax: HostRoute['syntax']): CompiledRoute {
  if (typeof pattern !== 'string') return remember(compiledExpressions, pattern, compileExpression);
  return remember(compiledPatterns[syntax], pattern, compilers[syntax]);
}

function remember<K>(
  cache: { get(key: K): CompiledRoute | undefined; set(key: K, value: CompiledRoute): unknown },
  key: K,
  create: (key: K) => CompiledRoute,
): CompiledRoute {
  const known = cache.get(key);
  if (known) return known;
  const created = create(key);
  cache.set(key, created);
  return created;
}

/** An endpoint without a path. */
function everyPath(): CompiledRoute {
  return { resource: `/${placeholder(GREEDY)}`, capture: (path) => [path], parameters: [GREEDY] };
}

/** An endpoint with `pathRegex`: the whole path is the greedy parameter, the groups keep their names or numbers. */
function compileExpression(pattern: RegExp): CompiledRoute {
  const keys: Key[] = [];
  pathToRegexp(pattern, keys);
  return {
    ...everyPath(),
    capture: (path) => {
      const match = pattern.exec(path);
      return match ? [path, ...match.slice(1)] : undefined;
    },
    parameters: [GREEDY, ...keys.map((key) => ({ name: String(key.name), isGreedy: false }))],
  };
}
