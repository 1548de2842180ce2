import { LambdaProxyError } from '../errors/lambda-proxy-error';
import type { RequestTarget } from '../http/request-target';
import { splitRequestTarget } from '../http/request-target';

/**
 * Where a request goes below a URL: its path follows that of the URL, its query that of the URL, both as received. The
 * path `/` adds nothing.
 *
 * @throws LambdaProxyError `PATH_REFUSED` for a path that would lead out of that of the URL
 */
export function targetBelow(url: string, { path, rawQuery }: RequestTarget): RequestTarget {
  const base = splitRequestTarget(url);
  if (base.path !== '/' && leadsOut(path)) {
    throw new LambdaProxyError('PATH_REFUSED', 'its dot segments lead out of the path of the functionUrl');
  }
  return {
    path: path === '/' ? base.path : `${base.path.replace(/\/$/, '')}${path}`,
    rawQuery: [base.rawQuery, rawQuery].filter((query) => query !== '').join('&'),
  };
}

/**
 * Whether more segments are left than entered, in any reading: servers decode a path before or after they take dot segments
 * out of it (RFC 3986, section 5.2.4), and some take a backslash for a slash.
 */
function leadsOut(path: string): boolean {
  let depth = 0;
  for (const segment of path
    .replace(/%2f|%5c|\\/gi, '/')
    .replace(/%2e/gi, '.')
    .split('/')) {
    if (segment === '..') depth -= 1;
    else if (segment !== '' && segment !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

/** A URL as the log may have it: a query can hold a secret. */
export function withoutQuery(url: string): string {
  return url.replace(/\?.*/s, '');
}
