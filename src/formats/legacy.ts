import { parse } from 'node:querystring';
import type { GatewayRequest } from '../http/gateway-request';
import { eventBody, isTextBody } from './event-body';
import { withGatewayContext } from './gateway-context';
import { lowerCaseHeaders } from './lower-case-headers';
import { pathWithQuery } from './path-with-query';
import type { FormatOptions, PayloadFormat } from './payload-format';
import { decodeProxyResult } from './proxy-result';

/**
 * The event of version 1 of this plugin, key for key, for functions that were written against it: Express' own route
 * syntax, decoded parameters, lower-case headers, and a `path` with the query string. Bodies are never damaged, as they
 * could be there.
 */
export const legacy: PayloadFormat = {
  errorDialect: 'rest',
  isProxyIntegration: true,
  encode: encodeEvent,
  decode: decodeProxyResult,
};

function encodeEvent(request: GatewayRequest, options: FormatOptions): Readonly<Record<string, unknown>> {
  const { pattern, expressParams } = request.route;
  const resource = typeof pattern === 'string' ? pattern : pattern.source;
  const body = request.body.length > 0 ? eventBody(request, options.binaryMediaTypes, isTextBody) : null;
  return {
    httpMethod: request.method,
    path: pathWithQuery(request, options),
    resource,
    queryStringParameters: parse(request.rawQuery, '&', '=', { maxKeys: 0 }),
    pathParameters: expressParams,
    headers: lowerCaseHeaders(request.headers),
    requestContext: withGatewayContext(request, {
      resourcePath: resource,
      httpMethod: request.method,
      requestId: request.id,
    }),
    isBase64Encoded: body?.isBase64Encoded ?? false,
    body: body?.body ?? null,
  };
}
