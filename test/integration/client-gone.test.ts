import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { eventually, loggedLine } from '../support/eventually';
import { buildRequest, RawClient } from '../support/raw-client';
import { type Stack, startStack } from '../support/stack';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    plain: {},
    delayed: { before: [{ 'test-script': { action: { behaviour: 'delay', ms: 50 } } }] },
  });
});
beforeEach(() => {
  stack.lambda.reset();
});
afterAll(() => stack.close());

test('a client that leaves while the function runs: the call is aborted and its connection freed', async () => {
  stack.lambda.respondWith({ fault: 'hang' });
  const logged = stack.gateway.log.length;
  const client = await RawClient.connect(stack.gateway);
  await client.send(buildRequest({ target: '/plain' }));
  const invocation = await stack.lambda.waitFor(1);
  client.destroy();
  expect(await invocation.finished).toBe('aborted');
  expect(await loggedLine(stack.gateway.log, logged)).toMatch(/CLIENT_CLOSED status=499 .*phase="invoke"/);
  stack.lambda.respondWith({ result: { body: 'next' } });
  expect((await stack.request({ target: '/plain' })).body.toString()).toBe('next');
  expect(stack.lambda.invocations).toHaveLength(2);
});

test('requests that were sent ahead end with their connection, too, the ones whose turn had not come', async () => {
  stack.lambda.respondWith({ fault: 'hang' });
  const client = await RawClient.connect(stack.gateway);
  await client.send('GET /plain HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(12));
  await stack.lambda.waitFor(12);
  client.destroy();
  const ends = await Promise.all(stack.lambda.invocations.map(({ finished }) => finished));
  expect(ends).toEqual(Array.from({ length: 12 }, () => 'aborted'));
});

test('a client that left while an earlier policy was at work causes no invocation', async () => {
  const logged = stack.gateway.log.length;
  const arrived = once(stack.gateway.server, 'request');
  const client = await RawClient.connect(stack.gateway);
  await client.send(buildRequest({ target: '/delayed' }));
  await arrived;
  client.destroy();
  expect(await loggedLine(stack.gateway.log, logged)).toMatch(/CLIENT_CLOSED status=499 .*attempts=0/);
  expect(stack.lambda.invocations).toHaveLength(0);
});

describe('a client that leaves within its body causes no invocation', () => {
  const unread = /(?:CLIENT_CLOSED status=499|BODY_UNREADABLE status=400) .*phase="request"/;
  const begin = async (target: string): Promise<{ client: RawClient; request: IncomingMessage }> => {
    const arrived = once(stack.gateway.server, 'request') as Promise<[IncomingMessage]>;
    const client = await RawClient.connect(stack.gateway);
    await client.send(`POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly a part`);
    const [request] = await arrived;
    return { client, request };
  };

  test('while it is read', async () => {
    const logged = stack.gateway.log.length;
    const { client, request } = await begin('/plain');
    await eventually(() => request.listenerCount('data') > 0);
    client.destroy();
    expect(await loggedLine(stack.gateway.log, logged)).toMatch(unread);
    expect(stack.lambda.invocations).toHaveLength(0);
  });

  test('while an earlier policy is at work', async () => {
    const logged = stack.gateway.log.length;
    const { client } = await begin('/delayed');
    client.destroy();
    expect(await loggedLine(stack.gateway.log, logged)).toMatch(unread);
    expect(stack.lambda.invocations).toHaveLength(0);
  });
});

test('chunks that are no chunks get 400, cause no invocation, and are not taken for a client that left', async () => {
  const logged = stack.gateway.log.length;
  const client = await RawClient.connect(stack.gateway);
  await client.send('POST /plain HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n');
  expect((await client.read()).statusCode).toBe(400);
  client.destroy();
  expect(await loggedLine(stack.gateway.log, logged)).toMatch(/BODY_UNREADABLE status=400/);
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
