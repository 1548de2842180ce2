import pathToRegexp from 'path-to-regexp';
import type { Key } from 'path-to-regexp';
import type { MatchedRoute } from './gateway-request';

/** A route pattern that was taken apart once and is then used for every request. */
interface CompiledRoute {
  readonly resource: string;
  /** Captures the parts of a path, in the order of `parameterNames`. */
  readonly capture: (path: string) => readonly (string | undefined)[];
  readonly parameterNames: readonly string[];
}

/** API Gateway's name for the greedy parameter of a route such as `/api/*`. */
const GREEDY_PARAMETER = 'proxy';
const GREEDY_RESOURCE = `/{${GREEDY_PARAMETER}+}`;

/** Patterns come from the gateway's configuration. A hot reload makes new RegExp objects of the same source. */
const compiledRoutes = new Map<string, CompiledRoute>();
const compiledExpressions = new WeakMap<RegExp, CompiledRoute>();

/**
 * Describes the route that matched, as API Gateway would.
 *
 * @param pattern `req.route.path` of Express
 * @param path percent-encoded path of the request, before `stripPath` and `ignorePath`
 * @param expressParams `req.params`: decoded, so not usable for API Gateway's raw path parameters
 */
export function matchRoute(
  pattern: string | RegExp,
  path: string,
  expressParams: Readonly<Record<string, string>>,
): MatchedRoute {
  const { resource, capture, parameterNames } = compile(pattern);
  const captures = capture(path);
  const pairs = parameterNames
    .map((name, index) => [name, trimGreedy(name, captures[index])] as const)
    .filter((pair): pair is readonly [string, string] => pair[1] !== undefined && pair[1] !== '');
  return { pattern, resource, expressParams, pathParameters: Object.fromEntries(pairs) };
}

/** API Gateway cuts a trailing slash, and one too many in front, from a greedy parameter (recorded). */
function trimGreedy(name: string, value: string | undefined): string | undefined {
  return name === GREEDY_PARAMETER ? value?.replace(/^\/+/, '').replace(/\/$/, '') : value;
}

function compile(pattern: string | RegExp): CompiledRoute {
  if (typeof pattern !== 'string') return remember(compiledExpressions, pattern, compileExpression);
  return remember(compiledRoutes, pattern, compilePath);
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

function compilePath(pattern: string): CompiledRoute {
  if (pattern === '*') {
    return { resource: GREEDY_RESOURCE, capture: (path) => [path], parameterNames: [GREEDY_PARAMETER] };
  }
  const keys: Key[] = [];
  // The host's own version of the library, with the options of Express' router: what matched there matches here.
  const expression = pathToRegexp(pattern, keys, { sensitive: false, strict: false, end: true });
  const lastStar = keys.findLastIndex((key) => typeof key.name === 'number');
  return {
    resource: toResource(pattern),
    capture: (path) => expression.exec(path)?.slice(1) ?? [],
    parameterNames: keys.map((key, index) => (index === lastStar ? GREEDY_PARAMETER : String(key.name))),
  };
}

/**
 * `/users/:id/*` → `/users/{id}/{proxy+}`. API Gateway has no word for the rest of what Express can say (`:x?`,
 * `:n(\d+)`, a star inside a segment): the modifiers are left out, further stars keep Express' numbers.
 */
function toResource(pattern: string): string {
  const withNames = pattern.replace(NAMED_PARAMETER, '{$1}').replace(GROUP, '*');
  const stars = withNames.split('*').length - 1;
  let star = 0;
  return withNames.replace(/\*/g, () => (++star === stars ? `{${GREEDY_PARAMETER}+}` : `{${String(star - 1)}}`));
}

/** A group in parentheses, which may have another one inside. */
const GROUP = /\((?:[^()]|\([^()]*\))*\)/g;
const NAMED_PARAMETER = new RegExp(`:(\\w+)(?:${GROUP.source})?[?*+]?`, 'g');

/** An endpoint with `pathRegex`: the whole path is the greedy parameter, the groups keep their names or numbers. */
function compileExpression(pattern: RegExp): CompiledRoute {
  const keys: Key[] = [];
  pathToRegexp(pattern, keys);
  return {
    resource: GREEDY_RESOURCE,
    capture: (path) => [path, ...(pattern.exec(path)?.slice(1) ?? [])],
    parameterNames: [GREEDY_PARAMETER, ...keys.map((key) => String(key.name))],
  };
}
