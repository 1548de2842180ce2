import type { APIGatewayEventIdentity, APIGatewayProxyEvent } from 'aws-lambda';
import { v4 as uuid } from 'uuid';
import type { GatewayRequest } from '../http/gateway-request';
import { headerValue } from '../http/gateway-request';
import { groupByName, parseQuery } from '../http/query-string';
import type { Caller } from './caller';
import { describeCaller } from './caller';
import { eventBody, isTextBody } from './event-body';
import { eventHeaders } from './event-headers';
import { withGatewayContext } from './gateway-context';
import type { FormatOptions, PayloadFormat } from './payload-format';
import { decodeProxyResult } from './proxy-result';
import { STAND_INS, domainFields, formatRequestTime, protocol } from './request-context';
import { setOwn } from './set-own';

/**
 * Payload format 1.0: the proxy event and result of API Gateway's REST APIs.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const v1: PayloadFormat = {
  errorDialect: 'rest',
  isProxyIntegration: true,
  encode: encodeEvent,
  decode: decodeProxyResult,
};

/** Headers that a REST API does not hand to the function (recorded from a regional API with AWS_PROXY). */
const DROPPED_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'content-md5',
  'expect',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
]);

/** Headers that a REST API spells in its own way, whatever the client sent (recorded). */
const RESPELLED_HEADERS: ReadonlyMap<string, string> = new Map(
  [
    'Host',
    'User-Agent',
    'Authorization',
    'X-Amzn-Trace-Id',
    'X-Forwarded-For',
    'X-Forwarded-Port',
    'X-Forwarded-Proto',
  ].map((name) => [name.toLowerCase(), name]),
);

/** In a REST API's query string a semicolon separates parameters too. */
const QUERY_SEPARATOR = /[&;]/;

function encodeEvent(request: GatewayRequest, options: FormatOptions): APIGatewayProxyEvent {
  const headers = headerMaps(request);
  const query = queryMaps(request);
  const body = request.body.length > 0 ? eventBody(request, options.binaryMediaTypes, isTextBody) : null;
  return {
    resource: request.route.resource,
    path: visiblePath(request),
    httpMethod: request.method,
    headers: headers.last,
    multiValueHeaders: headers.all,
    queryStringParameters: orNull(query.last),
    multiValueQueryStringParameters: orNull(query.all),
    pathParameters: orNull(request.route.pathParameters),
    stageVariables: orNull(options.stageVariables ?? {}),
    requestContext: requestContext(request, options),
    body: body?.body ?? null,
    isBase64Encoded: body?.isBase64Encoded ?? false,
  };
}

/** The two maps that REST events have of everything that can be repeated. */
interface ValueMaps {
  readonly last: Record<string, string | undefined>;
  readonly all: Record<string, string[]>;
}

function headerMaps(request: GatewayRequest): ValueMaps {
  const maps: ValueMaps = { last: {}, all: {} };
  for (const { lowerName, name, values } of eventHeaders(request, DROPPED_HEADERS)) {
    addValues(maps, RESPELLED_HEADERS.get(lowerName) ?? name, values);
  }
  return maps;
}

function queryMaps(request: GatewayRequest): ValueMaps {
  const maps: ValueMaps = { last: {}, all: {} };
  for (const [name, values] of groupByName(parseQuery(request.rawQuery, QUERY_SEPARATOR)))
    addValues(maps, name, values);
  return maps;
}

function addValues({ last, all }: ValueMaps, name: string, values: readonly string[]): void {
  setOwn(last, name, values.at(-1));
  setOwn(all, name, values as string[]);
}

/** `//x` is `/x` in `path`, and stays in `requestContext.path` (recorded). */
function visiblePath(request: GatewayRequest): string {
  return request.path.replace(/^\/{2,}/, '/');
}

/** Where a REST event has nothing, it has `null`, never an empty object. */
function orNull<V>(values: Readonly<Record<string, V>>): Record<string, V> | null {
  return Object.keys(values).length === 0 ? null : values;
}

function requestContext(request: GatewayRequest, options: FormatOptions): APIGatewayProxyEvent['requestContext'] {
  const caller = describeCaller(request.consumer);
  const { domainName, domainPrefix } = domainFields(request);
  const own: Record<string, unknown> = {
    accountId: STAND_INS.accountId,
    apiId: STAND_INS.apiId,
    deploymentId: STAND_INS.deploymentId,
    domainName,
    domainPrefix,
    extendedRequestId: uuid(),
    httpMethod: request.method,
    identity: identity(request),
    path: options.stage === '$default' ? request.path : `/${options.stage}${request.path}`,
    protocol: protocol(request),
    requestId: request.id,
    requestTime: formatRequestTime(request.receivedAt),
    requestTimeEpoch: request.receivedAt.getTime(),
    resourceId: STAND_INS.resourceId,
    resourcePath: request.route.resource,
    stage: options.stage,
  };
  // With an authorizer only: without one the key is absent (recorded).
  if (caller) own.authorizer = authorizer(caller);
  return withGatewayContext(request, own) as unknown as APIGatewayProxyEvent['requestContext'];
}

function authorizer({ principalId, fields, claims }: Caller): object {
  // What a Lambda authorizer took, in ms (recorded; parsers insist on it). A Cognito one, which has claims, lacks it.
  return { principalId, ...fields, ...(claims ? { claims } : { integrationLatency: 0 }) };
}

/** REST events have these keys without IAM and Cognito too; the type wants more of them than AWS sends. */
function identity(request: GatewayRequest): Partial<APIGatewayEventIdentity> {
  return {
    accessKey: null,
    accountId: null,
    caller: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp: request.client.sourceIp,
    user: null,
    userAgent: headerValue(request, 'user-agent') ?? null,
    userArn: null,
  };
}
