import { forwardedHeaders, headerField } from '../http/forwarded-headers';
import type { GatewayRequest, HeaderField } from '../http/gateway-request';

/**
 * The headers that an event of format 1.0 or 2.0 carries: the request's own and the ones API Gateway adds.
 *
 * @param dropped lower-case names that the format leaves out
 */
export function eventHeaders(request: GatewayRequest, dropped: ReadonlySet<string>): readonly HeaderField[] {
  const added = [headerField('X-Amzn-Trace-Id', request.traceId), ...forwardedHeaders(request)];
  const isReplaced = (lowerName: string): boolean => added.some((field) => field.lowerName === lowerName);
  return request.headers.filter(({ lowerName }) => !dropped.has(lowerName) && !isReplaced(lowerName)).concat(added);
}
