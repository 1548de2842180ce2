import { type Stack, startStack } from '../support/stack';

/** request-transformer leaves a stream that never ends, a numeric length and stale framing headers behind (H7). */
const transformer = (body: object) => [{ 'request-transformer': { action: { body } } }];

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    adds: { before: transformer({ add: { added: "'yes'" } }) },
    'adds-slowly': {
      before: [
        ...transformer({ add: { added: "'yes'" } }),
        { 'test-script': { action: { behaviour: 'delay', ms: 120 } } },
      ],
    },
    custom: { before: transformer({ add: { added: "'yes'" } }), action: { useCustomIntegration: true } },
  });
});
beforeEach(() => {
  stack.lambda.reset();
});
afterAll(() => stack.close());

const json = (target: string, body: string, headers: [string, string][] = []) =>
  stack.request({
    method: 'POST',
    target,
    headers: [['Content-Type', 'application/json'], ...headers],
    body,
  });

test.each(['/adds', '/adds-slowly'])('the rewritten JSON reaches the function: %s', async (target) => {
  const { statusCode } = await json(target, '{"a":1}', [['Content-Length', '7']]);
  expect(statusCode).toBe(200);
  expect(JSON.parse(stack.lambda.last().event.body)).toEqual({ a: 1, added: 'yes' });
});

test('a chunked request is rewritten too, and no stale framing header reaches the function', async () => {
  await json('/custom', '7\r\n{"a":1}\r\n0\r\n\r\n', [['Transfer-Encoding', 'chunked']]);
  const { event } = stack.lambda.last();
  expect(JSON.parse(event.body)).toEqual({ a: 1, added: 'yes' });
  expect(event.headers['transfer-encoding']).toBeUndefined();
  expect(event.headers['content-length']).toBe(String(Buffer.byteLength(event.body)));
});

test('a form stays a form', async () => {
  await stack.request({
    method: 'POST',
    target: '/adds',
    headers: [
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Content-Length', '3'],
    ],
    body: 'a=1',
  });
  expect(Object.fromEntries(new URLSearchParams(stack.lambda.last().event.body))).toEqual({ a: '1', added: 'yes' });
});

test('a request without a body gets the added fields', async () => {
  await stack.request({ method: 'POST', target: '/adds' });
  expect(JSON.parse(stack.lambda.last().event.body)).toEqual({ added: 'yes' });
});
