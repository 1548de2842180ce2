import { buildRequest, RawClient } from '../support/raw-client';
import { type Stack, startStack } from '../support/stack';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    plain: {},
    parsed: { before: [{ 'test-script': { action: { behaviour: 'delay', ms: 50 } } }] },
  });
});
beforeEach(() => {
  stack.lambda.reset();
});
afterAll(() => stack.close());

/** The log is written when the gateway has noticed, not when the client has left. */
async function loggedLine(from: number): Promise<string> {
  for (let waited = 0; waited < 5000; waited += 10) {
    const line = stack.gateway.log[from];
    if (line !== undefined) return line;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('nothing was logged');
}

test('a client that leaves while the function runs: the call is aborted and its connection freed', async () => {
  stack.lambda.respondWith({ fault: 'hang' });
  const logged = stack.gateway.log.length;
  const client = await RawClient.connect(stack.gateway);
  await client.send(buildRequest({ target: '/plain' }));
  const invocation = await stack.lambda.waitFor(1);
  client.destroy();
  expect(await invocation.finished).toBe('aborted');
  expect(await loggedLine(logged)).toMatch(/CLIENT_CLOSED status=499 .*phase="invoke"/);
  stack.lambda.respondWith({ result: { body: 'next' } });
  expect((await stack.request({ target: '/plain' })).body.toString()).toBe('next');
  expect(stack.lambda.invocations).toHaveLength(2);
});

test.each(['/plain', '/parsed'])('a client that leaves within its body causes no invocation: %s', async (target) => {
  const logged = stack.gateway.log.length;
  const client = await RawClient.connect(stack.gateway);
  await client.send(`POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly a part`);
  await new Promise((resolve) => setTimeout(resolve, 100));
  client.destroy();
  expect(await loggedLine(logged)).toMatch(/(?:CLIENT_CLOSED status=499|BODY_UNREADABLE status=400) .*phase="request"/);
  expect(stack.lambda.invocations).toHaveLength(0);
});

test('chunks that are no chunks get 400 and cause no invocation', async () => {
  const client = await RawClient.connect(stack.gateway);
  await client.send('POST /plain HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n');
  expect((await client.read()).statusCode).toBe(400);
  client.destroy();
  expect(stack.lambda.invocations).toHaveLength(0);
});

test('a client that never finishes its body is answered when the deadline passes', async () => {
  const slow = await startStack({ slow: { action: { timeout: 300 } } });
  const client = await RawClient.connect(slow.gateway);
  await client.send('POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly a part');
  expect((await client.read()).statusCode).toBe(504);
  client.destroy();
  expect(slow.lambda.invocations).toHaveLength(0);
  await slow.close();
});
