import type { QueryParameter } from '../http/query-string';
import { parseQuery } from '../http/query-string';
import type { RequestTarget } from '../http/request-target';
import { canonicalQuery } from './canonical-target';

/** A target whose signature comes out the same however its query is read. */
export interface SignableTarget extends RequestTarget {
  /** The same query, decoded. */
  readonly parameters: readonly QueryParameter[];
}

/**
 * A presigned URL carries its signature in these. A request must not have two.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
const PRESIGNED: ReadonlySet<string> = new Set([
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
]);

/**
 * Writes a target so that there is one way to verify its signature.
 *
 * A signature covers the decoded query, encoded again by one rule; whether `+` is a space, or what a malformed `%` is,
 * each verifier knows for itself. So the query goes out in just the encoding that is signed: a space, which `+` means in
 * queries, as `%20`, a malformed `%` as `%25`. The path goes out as it is: it is signed without decoding it. AWS leaves
 * empty and dot segments out before it compares, on both sides.
 */
export function signableTarget({ path, rawQuery }: RequestTarget): SignableTarget {
  const parameters = parseQuery(rawQuery).filter(([name]) => !PRESIGNED.has(name.toLowerCase()));
  const pairs = parameters.map(([name, value]) => canonicalQuery({ [name]: value }));
  return { path, rawQuery: pairs.join('&'), parameters };
}
