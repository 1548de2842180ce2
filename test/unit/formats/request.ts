import type { FormatOptions } from '../../../src/formats/payload-format';
import type { GatewayRequest } from '../../../src/http/gateway-request';

/** A request of which only what matters is given. */
export function gatewayRequest(given: Partial<GatewayRequest> = {}): GatewayRequest {
  return {
    id: 'request-1',
    traceId: 'Root=1-00000000-000000000000000000000000',
    method: 'GET',
    path: '/a',
    rawQuery: '',
    httpVersion: '1.1',
    headers: [],
    body: Buffer.alloc(0),
    route: { pattern: '/a', resource: '/a', pathParameters: {}, expressParams: {} },
    client: {
      peerAddress: '192.0.2.1',
      sourceIp: '192.0.2.1',
      protocol: 'http',
      port: '8080',
      host: 'api.example.com',
    },
    receivedAt: new Date(0),
    apiEndpoint: {},
    consumer: undefined,
    lambdaContext: undefined,
    ...given,
  };
}

/** Header fields, one value each. */
export function headers(values: Readonly<Record<string, string>>): GatewayRequest['headers'] {
  return Object.entries(values).map(([name, value]) => ({ name, lowerName: name.toLowerCase(), values: [value] }));
}

export function formatOptions(given: Partial<FormatOptions> = {}): FormatOptions {
  return {
    ignorePath: false,
    stage: '$default',
    stageVariables: undefined,
    binaryMediaTypes: [],
    maxJSONParseLength: 1000,
    ...given,
  };
}
