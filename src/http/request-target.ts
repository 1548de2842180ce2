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
 * The path without the literal segments that a resource begins with: `/api/{proxy+}` and `/api/x%2Fy/z` give `/x%2Fy/z`.
 *
 * @param resource in API Gateway's syntax
 */
export function stripLiteralPrefix(path: string, resource: string): string {
  const segments = resource.replace(/^\//, '').split('/');
  const firstWildcard = segments.findIndex((segment) => segment.includes('{'));
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
