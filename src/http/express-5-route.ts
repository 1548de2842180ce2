import type { Token } from 'path-to-regexp-8';
import { parse, pathToRegexp } from 'path-to-regexp-8';
import type { CompiledRoute, RouteParameter } from './compiled-route';
import { placeholder } from './compiled-route';

/** A pattern of Express 5: `/users/:id/*rest`. Wildcards have names there, and keep them. */
export function compileExpress5(pattern: string): CompiledRoute {
  const { regexp, keys } = pathToRegexp(pattern);
  return {
    resource: toResource(parse(pattern).tokens),
    capture: (path) => regexp.exec(path)?.slice(1),
    parameters: keys.map(toParameter),
  };
}

/** API Gateway has no word for what may be absent, as in `/files{/:name}`: the braces are left out. */
function toResource(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === 'text') return token.value;
      return token.type === 'group' ? toResource(token.tokens) : placeholder(toParameter(token));
    })
    .join('');
}

function toParameter({ name, type }: Extract<Token, { readonly name: string }>): RouteParameter {
  return { name, isGreedy: type === 'wildcard' };
}
