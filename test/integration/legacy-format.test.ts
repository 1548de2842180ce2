import { type Stack, startStack } from '../support/stack';

let stack: Stack;

beforeAll(async () => {
  const legacy = (action: object = {}) => ({ payloadFormatVersion: 'legacy', ...action });
  stack = await startStack({
    users: { endpoint: { host: '*', paths: '/users/:id/*', scopes: ['read'] }, action: legacy() },
    stripped: { action: legacy({ stripPath: true }) },
    ignored: { action: legacy({ ignorePath: true }) },
    regex: { endpoint: { pathRegex: '^/v(\\d+)/(.*)$' }, action: legacy() },
    filled: {
      action: legacy(),
      before: [{ 'test-script': { action: { behaviour: 'context', value: { tenant: 'a', requestId: 'forged' } } } }],
    },
  });
});
beforeEach(() => {
  stack.lambda.reset();
});
afterAll(() => stack.close());

test('the event has the keys and values of version 1', async () => {
  await stack.request({
    method: 'POST',
    target: '/users/7/x/y%20z?a=1&a=2&b=%C3%A4',
    headers: [
      ['Content-Type', 'application/json'],
      ['X-Mixed', 'v'],
    ],
    body: '{"a":1}',
  });
  const { headers, requestContext, ...event } = stack.lambda.last().event;
  expect(event).toEqual({
    httpMethod: 'POST',
    path: '/users/7/x/y%20z?a=1&a=2&b=%C3%A4',
    resource: '/users/:id/*',
    queryStringParameters: { a: ['1', '2'], b: 'ä' },
    pathParameters: { id: '7', 0: 'x/y z' },
    isBase64Encoded: false,
    body: '{"a":1}',
  });
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-mixed': 'v', 'content-length': '7' });
  expect(requestContext).toEqual({
    apiEndpoint: { apiEndpointName: 'users', host: '*', paths: '/users/:id/*', scopes: ['read'] },
    resourcePath: '/users/:id/*',
    httpMethod: 'POST',
    requestId: expect.stringMatching(/^[0-9A-Za-z]{20,}$/),
  });
});

test('without a query or a body the values are empty as they were', async () => {
  await stack.request({ target: '/users/7/x' });
  expect(stack.lambda.last().event).toMatchObject({
    path: '/users/7/x',
    queryStringParameters: {},
    isBase64Encoded: false,
    body: null,
  });
});

test('stripPath keeps the query string, ignorePath does not', async () => {
  await stack.request({ target: '/stripped/a%2Fb?c=1' });
  expect(stack.lambda.last().event.path).toBe('/a%2Fb?c=1');
  await stack.request({ target: '/ignored/a?c=1' });
  expect(stack.lambda.last().event).toMatchObject({ path: '/', queryStringParameters: { c: '1' } });
});

test('an endpoint with a regular expression has its source as resource', async () => {
  await stack.request({ target: '/v1/a/b' });
  expect(stack.lambda.last().event).toMatchObject({
    resource: '^\\/v(\\d+)\\/(.*)$',
    pathParameters: { 0: '1', 1: 'a/b' },
  });
});

test('what earlier policies put into egContext.lambda is in requestContext, under what the gateway says', async () => {
  await stack.request({ target: '/filled' });
  const { requestContext } = stack.lambda.last().event;
  expect(requestContext.tenant).toBe('a');
  expect(requestContext.requestId).not.toBe('forged');
});

test('a body that was parsed before is not lost, a binary one not damaged', async () => {
  const bytes = Buffer.from([0xff, 0xd8, 0xff, 0]);
  await stack.request({ method: 'POST', target: '/users/7/x', headers: [['Content-Type', 'image/jpeg']], body: bytes });
  expect(stack.lambda.last().event).toMatchObject({ body: bytes.toString('base64'), isBase64Encoded: true });
});

test('results are decoded as those of format 1.0', async () => {
  stack.lambda.respondWith({ result: { statusCode: 201, multiValueHeaders: { 'X-A': ['1', '2'] }, body: 'made' } });
  const response = await stack.request({ target: '/users/7/x' });
  expect([response.statusCode, response.all('x-a'), response.body.toString()]).toEqual([201, ['1', '2'], 'made']);
});
