import { stringify } from 'qs';
import { LambdaProxyError } from '../errors/lambda-proxy-error';
import { mediaType } from './media-type';

/**
 * Bytes of a body that a parser has already taken apart: the original is gone, so this is the nearest that can be had.
 *
 * @param contentType of the request; says in which form the function expects the body
 */
export function serializeBody(body: unknown, contentType: string | undefined): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  if (typeof body === 'string') return Buffer.from(body);
  const type = mediaType(contentType);
  if (type === 'application/x-www-form-urlencoded') return Buffer.from(stringify(body, { arrayFormat: 'repeat' }));
  if (type === 'application/json' || type?.endsWith('+json')) return Buffer.from(JSON.stringify(body));
  throw new LambdaProxyError(
    'INTERNAL',
    `an earlier policy parsed a body of type ${type ?? 'unknown'}; it cannot be restored`,
  );
}
