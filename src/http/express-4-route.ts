import pathToRegexp from 'path-to-regexp';
import type { Key } from 'path-to-regexp';
import type { CompiledRoute } from './compiled-route';
import { GREEDY, placeholder } from './compiled-route';

/** A pattern of Express 4, and so of the gateway's endpoints: `/users/:id/*`. */
export function compileExpress4(pattern: string): CompiledRoute {
  const keys: Key[] = [];
  // Express' own version of the library, with the options of its router: what matched there matches here.
  const expression = pathToRegexp(pattern, keys, { sensitive: false, strict: false, end: true });
  const lastStar = keys.findLastIndex((key) => typeof key.name === 'number');
  return {
    resource: toResource(pattern),
    capture: (path) => expression.exec(path)?.slice(1),
    parameters: keys.map((key, index) => (index === lastStar ? GREEDY : { name: String(key.name), isGreedy: false })),
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
  return withNames.replace(/\*/g, () => (++star === stars ? placeholder(GREEDY) : `{${String(star - 1)}}`));
}

/** A group in parentheses, which may have another one inside. */
const GROUP = /\((?:[^()]|\([^()]*\))*\)/g;
const NAMED_PARAMETER = new RegExp(`:(\\w+)(?:${GROUP.source})?[?*+]?`, 'g');
