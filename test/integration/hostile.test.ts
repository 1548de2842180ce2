import { RawClient } from '../support/raw-client';
import { type Stack, startStack } from '../support/stack';

/** Results and clients that are made to keep the gateway busy, or to get behind it. */
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    v1: {},
    v2: { action: { payloadFormatVersion: '2.0' } },
    streamed: { action: { invokeMode: 'RESPONSE_STREAM' } },
    tail: { action: { logType: 'Tail' } },
  });
});
beforeEach(() => {
  stack.lambda.reset();
});
afterAll(() => stack.close());

const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

test.each([
  ['one header with many values', { multiValueHeaders: { 'x-a': many(300_000, () => 'v') } }],
  ['many headers', { headers: Object.fromEntries(many(100_000, (i) => [`x-${i}`, 'v'])) }],
  ['many cookies', { cookies: many(200_000, (i) => `c${i}=1`) }],
  ['a list of many values', { headers: { 'x-a': many(300_000, (i) => i) } }],
])('%s make the result malformed, soon', async (_name, result) => {
  stack.lambda.respondWith({ result: { statusCode: 200, ...result } });
  expect((await stack.request({ target: '/v1' })).statusCode).toBe(502);
  expect((await stack.request({ target: '/v2' })).statusCode).toBe('multiValueHeaders' in result ? 200 : 500);
});

test('a thousand header lines are not too many, one more is', async () => {
  const withLines = (count: number) => ({
    result: { headers: Object.fromEntries(many(count, (i) => [`x-${i}`, 'v'])) },
  });
  stack.lambda.respondWith(withLines(1_000));
  expect((await stack.request({ target: '/v1' })).statusCode).toBe(200);
  stack.lambda.respondWith(withLines(1_001));
  expect((await stack.request({ target: '/v1' })).statusCode).toBe(502);
});

test('an ordinary result in ten thousand pieces arrives', async () => {
  const pieces = many(10_000, () => ({ chunk: 'x'.repeat(64) }));
  stack.lambda.respondWith({
    stream: [{ chunk: '{"statusCode":200,"body":"' }, ...pieces, { chunk: '"}' }, { complete: {} }],
  });
  const response = await stack.request({ target: '/streamed' });
  expect([response.statusCode, response.body.length]).toEqual([200, 640_000]);
});

test("a function's Connection header removes its own headers, not the gateway's", async () => {
  stack.lambda.respondWith({
    result: { headers: { Connection: 'x-a, x-amzn-requestid, x-amzn-trace-id', 'X-A': '1' } },
  });
  const response = await stack.request({ target: '/v1' });
  expect([
    response.all('x-a').length,
    response.all('x-amzn-requestid').length,
    response.all('x-amzn-trace-id').length,
  ]).toEqual([0, 1, 1]);
});

test('an error that is named like a property of every object is an error like any other', async () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    stack.lambda.respondWith({ apiError: { name, status: 400 } });
    expect((await stack.request({ target: '/v1' })).statusCode).toBe(500);
  }
});

test('an upload without an end is answered, and then cut off', async () => {
  const client = await RawClient.connect(stack.gateway);
  await client.send('POST /v1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
  const megabyte = `100000\r\n${'a'.repeat(0x100000)}\r\n`;
  let sent = 0;
  for (; !client.socket.destroyed && sent < 200; sent += 1) {
    await client.send(megabyte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(client.received.toString()).toMatch(/^HTTP\/1\.1 413 /);
  expect(sent).toBeLessThan(200);
  expect(stack.lambda.invocations).toHaveLength(0);
});

test("a function's log cannot forge lines of the gateway's, nor command a terminal", async () => {
  stack.lambda.respondWith({ result: { body: 'x' }, logResult: 'START\n[EG:gateway] error: forged\r\x1b[2Jgone' });
  const logged = stack.gateway.log.length;
  await stack.request({ target: '/tail' });
  const lines = stack.gateway.log.slice(logged).join('\n');
  expect(lines).toContain('\n  [EG:gateway] error: forged');
  // eslint-disable-next-line no-control-regex -- that is what must not be there
  expect(lines).not.toMatch(/[\r\x1b]/);
});

test('a length that no answer can have is not passed on', async () => {
  stack.lambda.respondWith({ result: { headers: { 'Content-Length': '9999999999999999999999999' } } });
  expect((await stack.request({ method: 'HEAD', target: '/v1' })).all('content-length')).toEqual([]);
});
