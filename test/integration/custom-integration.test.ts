import { type Stack, startStack } from '../support/stack';

let stack: Stack;

beforeAll(async () => {
  const action = { useCustomIntegration: true };
  const event = { order: 7, nested: { list: [1, 'two', null] } };
  stack = await startStack({
    plain: { action },
    filled: { action, before: [{ 'test-script': { action: { behaviour: 'context', value: event } } }] },
    expression: {
      action,
      before: [{ expression: { action: { jscode: 'lambda = { asked: req.url, ids: [1, 2] };' } } }],
    },
    text: { action, before: [{ 'test-script': { action: { behaviour: 'context', value: 'just text' } } }] },
  });
});
beforeEach(() => {
  stack.lambda.reset();
});
afterAll(() => stack.close());

test("an earlier policy's egContext.lambda is the event as it stands", async () => {
  await stack.request({ method: 'POST', target: '/filled', body: 'ignored' });
  expect(stack.lambda.last().event).toEqual({ order: 7, nested: { list: [1, 'two', null] } });
});

test("the host's expression policy can make the event", async () => {
  await stack.request({ target: '/expression?a=1' });
  expect(stack.lambda.last().event).toEqual({ asked: '/expression?a=1', ids: [1, 2] });
});

test('an event need not be an object', async () => {
  await stack.request({ target: '/text' });
  expect(stack.lambda.last().event).toBe('just text');
});

test('without such a policy the event is the request in short', async () => {
  await stack.request({
    method: 'PUT',
    target: '/plain/a%20b?c=1&c=2',
    headers: [
      ['Content-Type', 'text/plain'],
      ['X-Mixed-Case', 'v'],
    ],
    body: 'hello',
  });
  const { headers, ...rest } = stack.lambda.last().event;
  expect(rest).toEqual({ method: 'PUT', path: '/plain/a%20b?c=1&c=2', body: 'hello', isBase64Encoded: false });
  expect(headers).toMatchObject({ 'content-type': 'text/plain', 'x-mixed-case': 'v', 'content-length': '5' });
});

test('bytes are not damaged', async () => {
  const bytes = Buffer.from([0xff, 0, 0x80]);
  await stack.request({ method: 'PUT', target: '/plain', headers: [['Content-Type', 'image/png']], body: bytes });
  expect(stack.lambda.last().event).toMatchObject({ body: bytes.toString('base64'), isBase64Encoded: true });
});

test('no body is an empty text', async () => {
  await stack.request({ target: '/plain' });
  expect(stack.lambda.last().event).toMatchObject({ body: '', isBase64Encoded: false });
});

test.each([
  ['an object', '{"a":[]}', 'application/json'],
  ['a proxy result, which is not unwrapped', '{"statusCode":404,"body":"x"}', 'application/json'],
  ['text, with its quotes', '"hi"', 'application/json'],
  ['null', 'null', 'application/json'],
  ['what is not JSON', 'plain words', 'text/plain; charset=utf-8'],
])("the function's payload is the body: %s", async (_name, payload, type) => {
  stack.lambda.respondWith({ payload });
  const response = await stack.request({ target: '/plain' });
  expect(response.statusCode).toBe(200);
  expect(response.body.toString()).toBe(payload);
  expect(response.all('content-type')).toEqual([type]);
  expect(response.all('x-content-type-options')).toEqual(['nosniff']);
});

test('an empty payload is an empty answer', async () => {
  stack.lambda.respondWith({ payload: '' });
  const response = await stack.request({ target: '/plain' });
  expect([response.statusCode, response.body.length, response.all('content-type')]).toEqual([200, 0, []]);
});

test('a function that fails is answered as everywhere', async () => {
  stack.lambda.respondWith({ result: { errorMessage: 'secret' }, functionError: 'Unhandled' });
  const response = await stack.request({ target: '/plain' });
  expect([response.statusCode, response.body.toString()]).toEqual([500, '{"message": "Internal server error"}']);
});
