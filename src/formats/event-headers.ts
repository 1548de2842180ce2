import type { GatewayRequest, HeaderField } from '../http/gateway-request';

/**
 * The headers that an event of format 1.0 or 2.0 carries: the request's own and the ones API Gateway adds.
 *
 * @param dropped lower-case names that the format leaves out
 */
export function eventHeaders(request: GatewayRequest, dropped: ReadonlySet<string>): readonly HeaderField[] {
  const added = addedHeaders(request);
  const replaced = new Set(added.map((field) => field.lowerName));
  return [
    ...request.headers.filter((field) => !dropped.has(field.lowerName) && !replaced.has(field.lowerName)),
    ...added,
  ];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function addedHeaders(request: GatewayRequest): readonly HeaderField[] {
  const { client } = request;
  return [
    header('X-Amzn-Trace-Id', request.traceId),
    header('X-Forwarded-For', [...forwardedFor(request), client.peerAddress].join(', ')),
    header('X-Forwarded-Port', client.port),
    header('X-Forwarded-Proto', client.protocol),
  ];
}

function forwardedFor(request: GatewayRequest): readonly string[] {
  return request.headers.find((field) => field.lowerName === 'x-forwarded-for')?.values ?? [];
}

function header(name: string, value: string): HeaderField {
  return { name, lowerName: name.toLowerCase(), values: [value] };
}
