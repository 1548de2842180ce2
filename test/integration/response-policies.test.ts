import { startGateway } from '../support/gateway';
import { streamedResponse } from '../support/lambda-endpoint';
import { rawRequest } from '../support/raw-client';
import { gatewayOptions, type Stack, startStack } from '../support/stack';

/** Policies of the host that stand before ours and work on the answer (host H8). */
const transform = (action: object) => [{ 'response-transformer': { action } }];

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    body: { before: transform({ body: { add: { added: "'yes'" } } }) },
    headers: { before: transform({ headers: { add: { 'x-added': "'yes'" }, remove: ['x-internal'] } }) },
    throwing: { before: transform({ headers: { add: { 'x-added': 'no.such.variable' } } }) },
    broken: { before: [{ 'test-script': { action: { behaviour: 'break-response' } } }] },
    endless: {
      action: { invokeMode: 'RESPONSE_STREAM' },
      before: [{ 'test-script': { action: { behaviour: 'break-end' } } }],
    },
    cors: { before: [{ cors: { action: { origin: 'http://shop.example', credentials: true } } }] },
    headed: {
      before: [
        {
          'test-script': {
            action: {
              behaviour: 'response-headers',
              set: { 'Set-Cookie': 'session=1', 'X-Early': 'early', 'Cache-Control': 'no-store' },
            },
          },
        },
      ],
    },
    plain: {},
  });
});
beforeEach(() => {
  stack.lambda.reset();
});
afterAll(() => stack.close());

const json = {
  statusCode: 200,
  headers: { 'Content-Type': 'application/json', 'x-internal': 'secret' },
  body: '{"a":1}',
};

test("response-transformer changes the function's JSON body, and its length fits", async () => {
  stack.lambda.respondWith({ result: json });
  const response = await stack.request({ target: '/body' });
  expect(JSON.parse(response.body.toString())).toEqual({ a: 1, added: 'yes' });
  expect(response.complete).toBe(true);
});

// On Node 24 the host's response-transformer cannot change headers at all (it assigns to `res._headers`).
const nodeLetsTheHostChangeHeaders = Number(process.versions.node.split('.', 1)[0]) < 24;

test("response-transformer adds to and takes away from the function's headers", async () => {
  stack.lambda.respondWith({ result: json });
  const response = await stack.request({ target: '/headers' });
  expect(response.statusCode).toBe(200);
  expect(response.all('x-added')).toEqual(nodeLetsTheHostChangeHeaders ? ['yes'] : []);
  expect(response.all('x-internal')).toEqual(nodeLetsTheHostChangeHeaders ? [] : ['secret']);
});

test.each(['/throwing', '/broken'])(
  'a wrapper around the answer that throws costs that answer, not the gateway: %s',
  async (target) => {
    const outcome = await stack.request({ target }).then(
      (response) => response.statusCode,
      (error: unknown) => (error as Error).message,
    );
    expect(outcome).toMatch(/^The connection closed without a response/);
    expect((await stack.request({ target: '/plain' })).statusCode).toBe(200);
  },
);

test('a wrapper whose end throws breaks a streamed answer off, and not the gateway', async () => {
  stack.lambda.respondWith(streamedResponse({ statusCode: 200 }, 'all of it'));
  const response = await stack.request({ target: '/endless' });
  expect([response.body.toString(), response.complete]).toEqual(['all of it', false]);
  expect(stack.gateway.log.at(-1)).toMatch(/lambda-proxy INTERNAL .*phase="stream" .*broken end/);
  stack.lambda.reset();
  expect((await stack.request({ target: '/plain' })).statusCode).toBe(200);
});

test("cors' Vary is added to, not replaced, and its other headers stay", async () => {
  stack.lambda.respondWith({ result: { headers: { Vary: 'Accept' }, body: 'x' } });
  const response = await stack.request({ target: '/cors', headers: [['Origin', 'http://shop.example']] });
  expect(response.all('vary')).toEqual(['Origin', 'Accept']);
  expect(response.all('access-control-allow-origin')).toEqual(['http://shop.example']);
});

test('no policy behind this one in the same pipeline runs', async () => {
  const { apiEndpoints, pipelines } = gatewayOptions({ first: {} });
  const policies = [
    { 'lambda-proxy': { action: { functionName: 'first' } } },
    { 'test-script': { action: { behaviour: 'respond', status: 418 } } },
  ];
  const gateway = await startGateway({
    apiEndpoints,
    pipelines: { ...pipelines, first: { apiEndpoints: ['first'], policies } },
    env: stack.lambda.env,
  });
  const response = await rawRequest(gateway, { target: '/first' });
  expect([response.statusCode, response.body.toString()]).toEqual([200, 'ok']);
  await gateway.close();
});

test('cookies of earlier policies stay; of other headers the function has the last word', async () => {
  stack.lambda.respondWith({ result: { headers: { 'Set-Cookie': 'a=1', 'Cache-Control': 'public' }, body: 'x' } });
  const response = await stack.request({ target: '/headed' });
  expect(response.all('set-cookie')).toEqual(['session=1', 'a=1']);
  expect(response.all('x-early')).toEqual(['early']);
  expect(response.all('cache-control')).toEqual(['public']);
});
