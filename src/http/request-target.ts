/** The two halves of a request target. */
export interface RequestTarget {
  /** Percent-encoded as received; begins with `/`. */
  readonly path: string;
  /** Without `?`; empty when there is none. */
  readonly rawQuery: string;
}

const SCHEME_AND_AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/**
 * Splits a request target without decoding or normalising anything: `%2F`, `//` and `..` stay.
 *
 * `new URL` cannot do this: it takes `//evil.example/x` for a host name. The absolute form that a client may send
 * (RFC 9112, section 3.2.2) loses its scheme and authority, as a fragment is lost, which no client should send.
 */
export function splitRequestTarget(target: string): RequestTarget {
  const withoutFragment = cutAt(target, '#')[0];
  const [path, rawQuery] = cutAt(withoutFragment.replace(SCHEME_AND_AUTHORITY, ''), '?');
  return { path: path.startsWith('/') ? path : `/${path}`, rawQuery };
}

/**
 * The path without the literal segments that a route pattern begins with: `/api/*` and `/api/x%2Fy/z` give `/x%2Fy/z`.
 * A pattern that is a regular expression, or an endpoint without a path, has no such prefix.
 */
export function stripLiteralPrefix(path: string, pattern: string | RegExp): string {
  if (typeof pattern !== 'string' || pattern === '*') return path;
  const segments = pattern.replace(/^\//, '').split('/');
  const firstWildcard = segments.findIndex((segment) => /[*:(]/.test(segment));
  const literals = firstWildcard === -1 ? segments.length : firstWildcard;
  return `/${path
    .split('/')
    .slice(1 + literals)
    .join('/')}`;
}

function cutAt(text: string, separator: string): readonly [before: string, after: string] {
  const index = text.indexOf(separator);
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}
