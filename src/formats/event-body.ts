import { isUtf8 } from 'node:buffer';
import type { GatewayRequest } from '../http/gateway-request';
import { headerValue } from '../http/gateway-request';
import { matchesMediaRange, mediaType } from '../http/media-type';

export interface EventBody {
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/**
 * The request's body as text where that loses nothing, as base64 otherwise.
 *
 * @param isText the payload format's rule for a `Content-Type`
 */
export function eventBody(
  request: GatewayRequest,
  binaryMediaTypes: readonly string[],
  isText: (contentType: string | undefined, request: GatewayRequest) => boolean,
): EventBody {
  const contentType = headerValue(request, 'content-type');
  const type = mediaType(contentType);
  const isBinary = type !== undefined && matchesMediaRange(type, binaryMediaTypes);
  return !isBinary && isText(contentType, request) && isUtf8(request.body)
    ? { body: request.body.toString('utf8'), isBase64Encoded: false }
    : { body: request.body.toString('base64'), isBase64Encoded: true };
}

const TEXT_TYPE =
  /^(?:text\/.*|application\/(?:json|xml|(?:x-)?javascript|ecmascript|x-www-form-urlencoded)|multipart\/form-data|.*\+(?:json|xml))$/;

/**
 * The rule of format 1.0, of `legacy` and of custom integrations. Compressed bytes are never text, whatever they look
 * like.
 */
export function isTextBody(contentType: string | undefined, request: GatewayRequest): boolean {
  if (headerValue(request, 'content-encoding') !== undefined) return false;
  const type = mediaType(contentType);
  return type === undefined || TEXT_TYPE.test(type);
}
