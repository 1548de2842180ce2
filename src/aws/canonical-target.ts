import type { QueryParameterBag } from '@smithy/types';

/** Every service but S3 wants the path encoded once more, and without empty and dot segments. */
export function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encode(segment));
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

/** The query as it is signed, which is also a good way to send it. */
export function canonicalQuery(query: QueryParameterBag): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).map((single) => [encode(name), encode(single)] as const),
  );
  return pairs
    .sort(([nameA, valueA], [nameB, valueB]) => (nameA === nameB ? order(valueA, valueB) : order(nameA, nameB)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** RFC 3986: everything but the unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
