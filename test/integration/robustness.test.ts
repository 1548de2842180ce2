import path from 'node:path';
import { type LocalLambda, startLocalLambda } from '../../src/local-lambda';
import { type GatewayProcess, spawnGateway } from '../support/gateway-process';
import { startLambdaEndpoint } from '../support/lambda-endpoint';
import { buildRequest, RawClient, rawRequest } from '../support/raw-client';
import { gatewayOptions } from '../support/stack';

const FUNCTIONS = path.join(__dirname, '../fixtures/functions');
const { names } = jest.requireActual<{ names: readonly string[] }>(path.join(FUNCTIONS, 'misbehaving.js'));

/** In a process of its own: what ends it would end the gateway. */
let gateway: GatewayProcess;
let lambda: LocalLambda;

beforeAll(async () => {
  lambda = await startLocalLambda({ folder: FUNCTIONS, timeout: 5 });
  gateway = await spawnGateway({
    ...gatewayOptions({
      'misbehaving-rest': { action: { functionName: 'misbehaving' } },
      'misbehaving-http': { action: { functionName: 'misbehaving', payloadFormatVersion: '2.0' } },
    }),
    pluginSettings: { endpoint: lambda.url, region: 'eu-central-1' },
  });
});
afterAll(async () => {
  await gateway.close();
  await lambda.close();
});

test.each(names)('a function that %s never stops the gateway', async (how) => {
  for (const format of ['rest', 'http']) {
    const response = await rawRequest(gateway, { target: `/misbehaving-${format}?how=${how}` });
    expect(response.complete).toBe(true);
    expect(response.statusCode).toBeGreaterThanOrEqual(200);
    expect(response.statusCode).toBeLessThanOrEqual(599);
    expect(JSON.stringify([response.headers, response.body.toString()])).not.toMatch(
      /thrown|rejected|node_modules|\.js/,
    );
  }
  expect(process.kill(gateway.pid, 0)).toBe(true);
});

test('clients that send garbage, hang up or reset never stop the gateway', async () => {
  const bodies = [
    '\x16\x03\x01\x02',
    'GET',
    'GET / HTTP/9.9\r\n\r\n',
    'POST /misbehaving-rest HTTP/1.1\r\nContent-Length: x\r\n\r\n',
    buildRequest({ target: '/misbehaving-rest?how=hangs' }),
  ];
  for (const bytes of bodies) {
    for (const leave of ['destroy', 'reset'] as const) {
      const client = await RawClient.connect(gateway);
      await client.send(bytes);
      await new Promise((resolve) => setTimeout(resolve, 30));
      client[leave]();
    }
  }
  expect((await rawRequest(gateway, { target: '/misbehaving-http?how=returnsText' })).body.toString()).toBe('text');
});

test('an answer cut at any point never stops the gateway', async () => {
  const endpoint = await startLambdaEndpoint();
  const other = await spawnGateway({ ...gatewayOptions({ any: {} }), env: endpoint.env });
  for (const fault of [
    'reset-before-request',
    'reset-after-request',
    'reset-mid-answer',
    'truncated',
    'closed',
    'garbage',
  ] as const) {
    endpoint.respondWith({ fault });
    expect((await rawRequest(other, { target: '/any' })).statusCode).toBe(500);
  }
  endpoint.reset();
  expect((await rawRequest(other, { target: '/any' })).statusCode).toBe(200);
  await other.close();
  await endpoint.close();
});

test('nothing but one line for each failure is logged', () => {
  const lines = gateway.log.filter((line) => /error|warn/.test(line));
  expect(lines.length).toBeGreaterThan(names.length);
  expect(lines.filter((line) => !/ lambda-proxy [A-Z_]+ status=\d+ /.test(line))).toEqual([]);
});
