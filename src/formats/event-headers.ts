import { FORWARDED_HEADERS, forwardedHeaders, headerField } from '../http/forwarded-headers';
import type { GatewayRequest, HeaderField } from '../http/gateway-request';

const TRACE_HEADER = 'X-Amzn-Trace-Id';

/** In lower case. Where a client's word counts, it is in the value that is added. */
const ADDED: ReadonlySet<string> = new Set([TRACE_HEADER, ...FORWARDED_HEADERS].map((name) => name.toLowerCase()));

/**
 * The headers that an event of format 1.0 or 2.0 carries: the request's own and the ones API Gateway adds.
 *
 * @param dropped lower-case names that the format leaves out
 */
export function eventHeaders(request: GatewayRequest, dropped: ReadonlySet<string>): readonly HeaderField[] {
  const received = request.headers.filter(({ lowerName }) => !dropped.has(lowerName) && !ADDED.has(lowerName));
  return received.concat(headerField(TRACE_HEADER, request.traceId), forwardedHeaders(request));
}
