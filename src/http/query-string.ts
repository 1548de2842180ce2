/** A decoded parameter of a query string. */
export type QueryParameter = readonly [name: string, value: string];

/**
 * Parses a raw query string without limits or nesting: `a[b]=1` is a parameter of that name, ten thousand parameters are
 * ten thousand. Express' own `req.query` stops at 1000 and makes objects of brackets.
 *
 * @param separator `&`, or `/[&;]/` for REST APIs, where a semicolon separates too
 *   (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html)
 */
export function parseQuery(rawQuery: string, separator: string | RegExp = '&'): readonly QueryParameter[] {
  return rawQuery
    .split(separator)
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals === -1
        ? [decodeQueryPart(pair), '']
        : [decodeQueryPart(pair.slice(0, equals)), decodeQueryPart(pair.slice(equals + 1))];
    });
}

function decodeQueryPart(text: string): string {
  return decodePercent(text.includes('+') ? text.replaceAll('+', ' ') : text);
}

/** Decodes `%xx` as UTF-8. Text that is not well-formed stays as it is: nothing is lost, nothing throws. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Groups pairs by name, in the order of first appearance. The result goes through `Object.fromEntries` or JSON: a name
 * such as `__proto__` is a name like any other.
 */
export function groupByName(pairs: readonly QueryParameter[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = groups.get(name);
    if (values) values.push(value);
    else groups.set(name, [value]);
  }
  return groups;
}
