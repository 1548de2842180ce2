import type { HeaderField, RequestHead } from './gateway-request';

/**
 * What a proxy tells of the connection that it took a request from, as API Gateway does.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function forwardedHeaders(request: RequestHead): readonly HeaderField[] {
  const { client } = request;
  return [
    headerField('X-Forwarded-For', [...forwardedFor(request), client.peerAddress].join(', ')),
    headerField('X-Forwarded-Port', client.port),
    headerField('X-Forwarded-Proto', client.protocol),
  ];
}

function forwardedFor(request: RequestHead): readonly string[] {
  return request.headers.find((field) => field.lowerName === 'x-forwarded-for')?.values ?? [];
}

export function headerField(name: string, value: string): HeaderField {
  return { name, lowerName: name.toLowerCase(), values: [value] };
}
