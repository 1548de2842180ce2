import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import path from 'node:path';
import { type LocalLambda, startLocalLambda } from '../../../src/local-function-urls';
import { type Stack, startStack } from '../../support/stack';
import { forwarding } from './support/routes';

let lambda: LocalLambda;
let stack: Stack;
beforeAll(async () => {
  const folder = path.join(__dirname, '../../fixtures/local-lambda');
  lambda = await startLocalLambda({ folder, functionUrls: { echo: 0 } });
  stack = await startStack({
    invoked: {
      action: { functionName: 'echo', payloadFormatVersion: '2.0', endpoint: lambda.url, stripPath: true },
      endpoint: { paths: ['/invoked/*'] },
    },
    forwarded: forwarding(
      lambda.functionUrls.echo ?? '',
      { stripPath: true },
      { endpoint: { paths: ['/forwarded/*'] } },
    ),
  });
});
afterAll(async () => {
  await stack.close();
  await lambda.close();
});

/** What the function saw, without what names the way to it. */
async function seen(route: string, body: string | Buffer, type: string) {
  const response = await stack.request({
    method: 'PUT',
    target: `/${route}/a%2Fb/c?x=1&x=+&y`,
    headers: [
      ['Content-Type', type],
      ['Cookie', 'a=1; b=2'],
      ['X-Own', 'one'],
      ['X-Own', 'two'],
      ['Authorization', 'Bearer x'],
    ],
    body,
  });
  expect(response.statusCode).toBe(200);
  const { event } = JSON.parse(response.body.toString()) as { event: APIGatewayProxyEventV2 };
  const { version, rawPath, rawQueryString, cookies, queryStringParameters, isBase64Encoded, headers } = event;
  return {
    event: { version, rawPath, rawQueryString, cookies, queryStringParameters, isBase64Encoded, body: event.body },
    headers: [headers['x-own'], headers.authorization, headers['content-type'], headers['content-length']],
    method: event.requestContext.http.method,
  };
}

test.each([
  ['text', '{"a":1}', 'application/json'],
  ['bytes', Buffer.from([0xff, 0x00, 0xfe]), 'application/octet-stream'],
])('a function sees the same, invoked or behind its URL: %s', async (_kind, body, type) => {
  const forwarded = await seen('forwarded', body, type);
  expect(forwarded).toEqual(await seen('invoked', body, type));
  expect(forwarded.event.rawPath).toBe('/a%2Fb/c');
});
