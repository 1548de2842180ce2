import { guessContentType } from '../http/guess-content-type';
import type { GatewayRequest } from '../http/gateway-request';
import type { GatewayResponse } from '../http/gateway-response';
import { eventBody, isTextBody } from './event-body';
import { lowerCaseHeaders } from './lower-case-headers';
import { pathWithQuery } from './path-with-query';
import type { FormatOptions, PayloadFormat } from './payload-format';

/**
 * Custom integration: an earlier policy makes the event (`egContext.lambda`), and the function's payload is the answer's
 * body. Without such a policy the event is the request in short.
 */
export const custom: PayloadFormat = {
  errorDialect: 'rest',
  isProxyIntegration: false,
  encode: (request, options) => request.lambdaContext ?? shortEvent(request, options),
  decode,
};

function shortEvent(request: GatewayRequest, options: FormatOptions): Readonly<Record<string, unknown>> {
  return {
    method: request.method,
    path: pathWithQuery(request, options),
    headers: lowerCaseHeaders(request.headers),
    ...(request.body.length > 0
      ? eventBody(request, options.binaryMediaTypes, isTextBody)
      : { body: '', isBase64Encoded: false }),
  };
}

function decode(payload: Buffer, request: GatewayRequest, options: FormatOptions): GatewayResponse {
  return {
    status: 200,
    headers: guessContentType(payload, {
      isText: true,
      path: request.path,
      maxJSONParseLength: options.maxJSONParseLength,
    }),
    body: payload,
  };
}
