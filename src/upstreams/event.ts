import { LambdaProxyError } from '../errors/lambda-proxy-error';
import type { FormatOptions, PayloadFormat } from '../formats/payload-format';
import type { GatewayRequest } from '../http/gateway-request';

/**
 * Bytes of event that Lambda takes: 6 MB when the caller waits, 1 MB when it is queued.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const MAX_EVENT_LENGTH = { RequestResponse: 6_291_456, DryRun: 6_291_456, Event: 1_048_576 } as const;

/**
 * The event as Lambda takes it: JSON in UTF-8.
 *
 * @param limit bytes, counted after base64
 * @throws LambdaProxyError `REQUEST_TOO_LARGE`, or `INTERNAL` for what JSON cannot express
 */
export function encodeEvent(
  format: PayloadFormat,
  request: GatewayRequest,
  options: FormatOptions,
  limit: number,
): Buffer {
  const payload = Buffer.from(toJson(format.encode(request, options)));
  if (payload.length > limit) {
    throw new LambdaProxyError('REQUEST_TOO_LARGE', `the event is ${payload.length} bytes, Lambda takes ${limit}`);
  }
  return payload;
}

/** Earlier policies may have put anything into `egContext.lambda`: a circle, a BigInt, a function. */
function toJson(event: unknown): string {
  try {
    const json = JSON.stringify(event) as string | undefined;
    if (json !== undefined) return json;
  } catch (cause) {
    throw new LambdaProxyError('INTERNAL', 'egContext.lambda cannot be written as JSON', { cause });
  }
  throw new LambdaProxyError('INTERNAL', 'egContext.lambda cannot be written as JSON');
}
