import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { GatewayRequest } from '../http/gateway-request';
import { headerValue } from '../http/gateway-request';
import type { GatewayResponse } from '../http/gateway-response';
import { charset, mediaType } from '../http/media-type';
import { decodePercent, groupByName, parseQuery } from '../http/query-string';
import type { Caller } from './caller';
import { describeCaller } from './caller';
import { eventBody } from './event-body';
import { eventHeaders } from './event-headers';
import { isJsonObject, parseResult } from './json-result';
import type { FormatOptions, PayloadFormat } from './payload-format';
import { proxyResponse } from './proxy-result';
import { STAND_INS, domainFields, formatRequestTime, protocol } from './request-context';
import { readCookies, readHeaders } from './result-headers';
import { setOwn } from './set-own';

/**
 * Payload format 2.0: the event and result of API Gateway's HTTP APIs.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const v2: PayloadFormat = {
  errorDialect: 'http',
  isProxyIntegration: true,
  encode: encodeEvent,
  decode: decodeResult,
};

/** Cookies have a list of their own; `connection` is the gateway's own business (recorded). */
const DROPPED_HEADERS: ReadonlySet<string> = new Set(['connection', 'cookie', 'transfer-encoding']);

/** Keys with nothing in them are left out, never null (recorded). */
function encodeEvent(request: GatewayRequest, options: FormatOptions): Readonly<Record<string, unknown>> {
  const routeKey = readRouteKey(request);
  const cookies = readRequestCookies(request);
  const query = groupByName(parseQuery(request.rawQuery));
  const stageVariables = Object.keys(options.stageVariables ?? {});
  const pathParameters = routeKey === '$default' ? [] : Object.entries(request.route.pathParameters);
  return {
    version: '2.0',
    routeKey,
    rawPath: request.path,
    rawQueryString: request.rawQuery,
    ...(cookies.length > 0 && { cookies }),
    headers: joinedHeaders(request),
    ...(query.size > 0 && { queryStringParameters: Object.fromEntries([...query].map(([k, v]) => [k, v.join(',')])) }),
    requestContext: requestContext(request, options, routeKey),
    ...(pathParameters.length > 0 && {
      pathParameters: Object.fromEntries(pathParameters.map(([name, value]) => [name, decodePercent(value)])),
    }),
    ...(stageVariables.length > 0 && { stageVariables: options.stageVariables }),
    ...(request.body.length > 0
      ? eventBody(request, options.binaryMediaTypes, isTextBody)
      : { isBase64Encoded: false }),
  };
}

/** `POST /users/{id}`; `ANY` unless the endpoint has exactly one method; an endpoint without a path is `$default`. */
function readRouteKey(request: GatewayRequest): string {
  const { pattern, resource } = request.route;
  if (pattern === '*') return '$default';
  const { methods = [] } = request.apiEndpoint;
  const names = (typeof methods === 'string' ? methods.split(',') : methods).map((name) => name.trim().toUpperCase());
  return `${names.length === 1 && names[0] !== '*' ? (names[0] ?? 'ANY') : 'ANY'} ${resource}`;
}

function readRequestCookies(request: GatewayRequest): readonly string[] {
  const lines = request.headers.find((field) => field.lowerName === 'cookie')?.values ?? [];
  return lines
    .flatMap((line) => line.split(';'))
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== '');
}

/**
 * Names in lower case, repeated lines joined with a comma and no space; a length even where there is nothing, and where the
 * body came in chunks (recorded).
 */
function joinedHeaders(request: GatewayRequest): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const { lowerName, values } of eventHeaders(request, DROPPED_HEADERS))
    setOwn(headers, lowerName, values.join(','));
  headers['content-length'] = String(request.body.length);
  return headers;
}

function requestContext(request: GatewayRequest, options: FormatOptions, routeKey: string): object {
  const caller = describeCaller(request.consumer);
  const context: APIGatewayProxyEventV2['requestContext'] = {
    accountId: STAND_INS.accountId,
    apiId: STAND_INS.apiId,
    ...domainFields(request),
    http: {
      method: request.method,
      path: decodePercent(request.path),
      protocol: protocol(request),
      sourceIp: request.client.sourceIp,
      userAgent: headerValue(request, 'user-agent') ?? '',
    },
    requestId: request.id,
    routeKey,
    stage: options.stage,
    time: formatRequestTime(request.receivedAt),
    timeEpoch: request.receivedAt.getTime(),
  };
  return caller ? { ...context, authorizer: authorizer(caller, request.apiEndpoint.scopes) } : context;
}

/** The shapes of HTTP APIs' JWT and Lambda authorizers. A token's scopes are there where the route asks for any (recorded). */
function authorizer(caller: Caller, asked: readonly string[] = []): object {
  return caller.claims
    ? { jwt: { claims: caller.claims, scopes: asked.length > 0 ? (caller.scopes ?? null) : null } }
    : { lambda: { principalId: caller.principalId, ...caller.fields } };
}

const TEXT_TYPE = /^(?:text\/.*|application\/(?:json|xml|javascript))$/;

/** HTTP APIs' own list: form data, a missing type and charsets other than UTF-8 are base64 (recorded). */
function isTextBody(contentType: string | undefined): boolean {
  const type = mediaType(contentType);
  const encoding = charset(contentType) ?? 'utf-8';
  return type !== undefined && TEXT_TYPE.test(type) && (encoding === 'utf-8' || encoding === 'utf8');
}

function decodeResult(payload: Buffer, request: GatewayRequest, options: FormatOptions): GatewayResponse {
  const result = parseResult(payload);
  if (!isJsonObject(result) || result.statusCode === undefined || result.statusCode === null) {
    return inferredResponse(result, payload);
  }
  return proxyResponse(result, request, options, {
    headers: [readCookies(result), readHeaders(result)],
    samePairOnce: false,
    bodyMayBeObject: true,
  });
}

/** Without a `statusCode` the whole payload is the body: a string as its text, anything else as the JSON it is. */
function inferredResponse(result: unknown, payload: Buffer): GatewayResponse {
  return {
    status: 200,
    headers: [['Content-Type', ['application/json']]],
    body: typeof result === 'string' ? Buffer.from(result) : payload,
  };
}
