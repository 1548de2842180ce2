import type { RequestTarget } from '../http/request-target';
import { splitRequestTarget } from '../http/request-target';

/**
 * Where a request goes below a URL: its path follows that of the URL, its query that of the URL, both as received. The
 * path `/` adds nothing.
 */
export function targetBelow(url: string, { path, rawQuery }: RequestTarget): RequestTarget {
  const base = splitRequestTarget(url);
  return {
    path: path === '/' ? base.path : `${base.path.replace(/\/$/, '')}${path}`,
    rawQuery: [base.rawQuery, rawQuery].filter((query) => query !== '').join('&'),
  };
}

/** A URL as the log may have it: a query can hold a secret. */
export function withoutQuery(url: string): string {
  return url.replace(/\?.*/s, '');
}
