import type { HeaderField } from '../http/gateway-request';

/** Headers as Node has them: lower-case names, `, ` between repeated lines. */
export function lowerCaseHeaders(headers: readonly HeaderField[]): Readonly<Record<string, string>> {
  return Object.fromEntries(headers.map(({ lowerName, values }) => [lowerName, values.join(', ')]));
}
