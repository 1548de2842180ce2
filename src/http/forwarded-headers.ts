import type { HeaderField, RequestHead } from './gateway-request';

const FOR = 'X-Forwarded-For';
const PORT = 'X-Forwarded-Port';
const PROTO = 'X-Forwarded-Proto';

export const FORWARDED_HEADERS = [FOR, PORT, PROTO] as const;

/**
 * What a proxy tells of the connection that it took a request from, as API Gateway does.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function forwardedHeaders(request: RequestHead): readonly HeaderField[] {
  const { client } = request;
  return [
    headerField(FOR, [...forwardedFor(request), client.peerAddress].join(', ')),
    headerField(PORT, client.port),
    headerField(PROTO, client.protocol),
  ];
}

function forwardedFor(request: RequestHead): readonly string[] {
  return request.headers.find((field) => field.lowerName === 'x-forwarded-for')?.values ?? [];
}

export function headerField(name: string, value: string): HeaderField {
  return { name, lowerName: name.toLowerCase(), values: [value] };
}
