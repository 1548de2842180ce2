import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type LocalLambda, startLocalLambda } from '../../../src/local-function-urls';
import { type Gateway, startGateway } from '../../support/gateway';
import { lambdaEnv } from '../../support/lambda-endpoint';
import { buildRequest, RawClient, rawRequest, type RawResponse, type RequestParts } from '../../support/raw-client';
import { gatewayOptions } from '../../support/stack';
import { fixtures } from './support';

const STREAMING = path.join(__dirname, '../../fixtures/streaming');
const { names: bufferedResults } = jest.requireActual<{ names: readonly string[] }>(
  path.join(STREAMING, 'buffered.js'),
);

const log: string[] = [];
let lambda: LocalLambda;
let streaming: LocalLambda;

beforeAll(async () => {
  lambda = await startLocalLambda({ folder: fixtures, timeout: 60, functionUrls: { echo: 0, missing: 0 } });
  streaming = await startLocalLambda({
    folder: STREAMING,
    timeout: 60,
    timeouts: { slow: 1 },
    log: (line) => log.push(line),
    functionUrls: { buffered: 0, slow: 0, plain: { port: 0, invokeMode: 'RESPONSE_STREAM' } },
  });
});
beforeEach(() => {
  log.length = 0;
});
afterAll(() => Promise.all([lambda.close(), streaming.close()]));

const portOf = (url: string | undefined): number => Number(new URL(url!).port);

const ask = (name: string, parts: RequestParts): Promise<RawResponse> =>
  rawRequest(
    { port: portOf(lambda.functionUrls[name] ?? streaming.functionUrls[name]) },
    { ...parts, timeoutMs: 60_000 },
  );

test('each function has a URL of its own, beside the Invoke API', () => {
  const urls = [lambda.url, ...Object.values(lambda.functionUrls)];
  expect(Object.keys(lambda.functionUrls)).toEqual(['echo', 'missing']);
  expect(new Set(urls).size).toBe(3);
  for (const url of urls) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
});

test('the event is that of a function URL', async () => {
  const response = await ask('echo', {
    method: 'POST',
    target: '/any/p%C3%A4th?a=1&a=2',
    headers: [
      ['Host', 'hello.example:9101'],
      ['Content-Type', 'application/json'],
      ['Cookie', 'a=1; b=2'],
      ['X-Forwarded-For', '203.0.113.9'],
    ],
    body: '{"a":1}',
  });
  expect([response.statusCode, response.all('content-type')]).toEqual([200, ['application/json']]);
  const { event, context } = JSON.parse(response.body.toString());
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/any/p%C3%A4th',
    rawQueryString: 'a=1&a=2',
    cookies: ['a=1', 'b=2'],
    queryStringParameters: { a: '1,2' },
    headers: { 'x-forwarded-for': '203.0.113.9, 127.0.0.1', 'x-forwarded-proto': 'http' },
    requestContext: {
      domainName: 'hello.example',
      domainPrefix: 'hello',
      http: { method: 'POST', path: '/any/päth', sourceIp: '127.0.0.1' },
      routeKey: '$default',
      stage: '$default',
    },
    body: '{"a":1}',
    isBase64Encoded: false,
  });
  expect(event).not.toHaveProperty('pathParameters');
  expect(event.requestContext).not.toHaveProperty('authorizer');
  expect(event.requestContext.requestId).toMatch(/^[\da-f-]{36}$/);
  expect(context.functionName).toBe('echo');
});

test('results become answers', async () => {
  const response = await ask('buffered', { target: '/?how=base64' });
  expect([response.statusCode, response.all('content-type')]).toEqual([200, ['image/png']]);
  expect(response.body.toString('latin1')).toBe('\x89PNG\x00');
});

test('RESPONSE_STREAM: pieces arrive while the function still writes', async () => {
  const response = await ask('plain', { target: '/?how=head' });
  expect([response.statusCode, response.body.toString()]).toEqual([418, 'short and stout']);
  expect([response.all('set-cookie'), response.all('transfer-encoding')]).toEqual([
    ['a=1; Path=/', 'b=2'],
    ['chunked'],
  ]);
});

test.each([
  ['buffered', '/?how=throws', /^lambda-proxy FUNCTION_ERROR status=502 function="buffered" .*secret of the function/],
  ['slow', '/', /^lambda-proxy FUNCTION_ERROR status=502 function="slow" .*timed out/i],
])('a function that fails is a 502, and the reason in the log: %s%s', async (name, target, line) => {
  const response = await ask(name, { target });
  expect([response.statusCode, response.body.toString()]).toEqual([502, '{"message":"Internal Server Error"}']);
  expect(log).toContainEqual(expect.stringMatching(line));
});

test('a function that does not exist yet is an error of the request, not of the start', async () => {
  expect((await ask('missing', {})).statusCode).toBe(500);
});

describe('starting', () => {
  test('a port that is in use: one line, and nothing stays open', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const start = startLocalLambda({ folder: fixtures, functionUrls: { echo: 0, failing: port } });
    await expect(start).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: `Local Lambda: cannot listen on 127.0.0.1:${port}: the port is in use`,
    });
    await new Promise((resolve) => other.close(resolve));
  });

  test("what is no function's name is refused", async () => {
    const start = startLocalLambda({ folder: fixtures, functionUrls: { 'no name': 0 } });
    await expect(start).rejects.toThrow(/^lambda-proxy policy in a function URL: functionName must not be "no name"/);
  });

  test('close takes everything down', async () => {
    const server = await startLocalLambda({ folder: fixtures, functionUrls: { echo: 0 } });
    const ports = [server.url, server.functionUrls.echo].map(portOf);
    const client = await RawClient.connect({ port: ports[1]! });
    await client.send(buildRequest({ keepAlive: true }));
    expect((await client.read({ timeoutMs: 60_000 })).statusCode).toBe(200);
    await Promise.all([server.close(), server.close()]);
    await client.closed;
    for (const port of ports) await expect(RawClient.connect({ port })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('a gateway in front', () => {
  let gateway: Gateway;

  beforeAll(async () => {
    const { buffered, plain } = streaming.functionUrls;
    const streamed = { functionName: 'plain', payloadFormatVersion: '2.0', invokeMode: 'RESPONSE_STREAM' };
    gateway = await startGateway({
      ...gatewayOptions({
        'buffered-name': {
          action: { functionName: 'buffered', payloadFormatVersion: '2.0', unhandledStatus: 502 },
        },
        'buffered-url': { action: { functionName: undefined, functionUrl: buffered } },
        'plain-name': { action: streamed },
        'plain-url': { action: { functionName: undefined, functionUrl: plain } },
      }),
      env: lambdaEnv(streaming.url),
    });
  });
  afterAll(() => gateway.close());

  /** Without what names the single request. */
  const comparable = ({ statusCode, headers, body }: RawResponse) => ({
    statusCode,
    headers: headers
      .filter(([name]) => !/^(?:date|x-amzn-requestid|x-amzn-trace-id|content-length|transfer-encoding)$/i.test(name))
      .map(([name, value]) => `${name.toLowerCase()}: ${value}`)
      .sort(),
    body: body.toString('latin1'),
  });

  test.each([
    ...[...bufferedResults, 'throws'].map((how) => ['buffered', how]),
    ...['text', 'jsonLines', 'binary', 'empty', 'head', 'headAlone'].map((how) => ['plain', how]),
  ])('by its URL a function answers as it does by its name: %s %s', async (name, how) => {
    const target = `?how=${how}`;
    const byName = await rawRequest(gateway, { target: `/${name}-name${target}`, timeoutMs: 60_000 });
    const byUrl = await rawRequest(gateway, { target: `/${name}-url${target}`, timeoutMs: 60_000 });
    expect(comparable(byUrl)).toEqual(comparable(byName));
  });
});
