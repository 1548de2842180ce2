import { buildRequest, RawClient } from '../../support/raw-client';
import { unusedPort } from '../../support/lambda-endpoint';
import { type Stack, startStack } from '../../support/stack';
import { type RawUpstream, startRawUpstream } from './support/raw-upstream';
import { forwarding, KEYS } from './support/routes';
import { startUpstream, type Upstream } from './support/upstream';

const SIGNED = { authType: 'AWS_IAM', credentials: KEYS, signing: { service: 'lambda', region: 'eu-west-1' } };

let upstream: Upstream;
let raw: RawUpstream;
let stack: Stack;
beforeAll(async () => {
  upstream = await startUpstream();
  raw = await startRawUpstream();
  const refused = `http://127.0.0.1:${await unusedPort()}/path?key=secret`;
  stack = await startStack({
    refused: forwarding(refused),
    persistent: forwarding(refused, { maxAttempts: 3 }),
    raw: forwarding(`${raw.url}/path?key=secret`, { maxAttempts: 3 }),
    hurried: forwarding(upstream.url, { timeout: 300 }),
    impatient: forwarding(upstream.url, { streamIdleTimeout: 300 }),
    plain: forwarding(upstream.url),
    broken: forwarding(upstream.url, {}, { before: [{ 'test-script': { action: { behaviour: 'break-response' } } }] }),
    keyless: forwarding(upstream.url, { ...SIGNED, credentials: undefined, profile: 'nowhere' }),
    latin: forwarding(
      upstream.url,
      {},
      {
        before: [{ 'test-script': { action: { behaviour: 'headers', set: { 'x-name': '\u4f60' } } } }],
      },
    ),
  });
});
beforeEach(() => {
  upstream.reset();
});
afterAll(async () => {
  await stack.close();
  await raw.close();
  await upstream.close();
});

/** The line of the log that comes after so many. */
async function logged(from: number): Promise<string> {
  for (;;) {
    const line = stack.gateway.log[from];
    if (line !== undefined) return line;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const HEAD = 'HTTP/1.1 200 OK\r\n';

test.each([
  ['nothing', ''],
  ['half a head', 'HTTP/1.1 200 OK\r\nContent-'],
  ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
  [
    'an upgrade that nobody asked for',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n',
  ],
  ['two lengths', `${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
  ['a length that is none', `${HEAD}Content-Length: two\r\n\r\nab`],
  ['a head beyond reason', `${HEAD}X-Long: ${'a'.repeat(100_000)}\r\n\r\n`],
  ['a name that is none', `${HEAD}X Y: 1\r\nContent-Length: 0\r\n\r\n`],
])('%s in place of an answer is 500, and no cause to ask again', async (_name, bytes) => {
  raw.respondWith((socket) => socket.end(bytes));
  const [from, requests] = [stack.gateway.log.length, raw.requests];
  const response = await stack.request({ method: 'POST', target: '/raw', body: 'abc' });
  expect([response.statusCode, response.body.toString()]).toEqual([500, '{"message":"Internal Server Error"}']);
  expect(raw.requests - requests).toBe(1);
  expect(await logged(from)).toMatch(/UPSTREAM_UNAVAILABLE status=500 .*attempts=1 .*no complete answer/);
});

test('an answer that cannot be written ends the request to the upstream', async () => {
  upstream.respondWith((_request, response) => response.write('abc'));
  await stack.request({ target: '/broken' }).catch(() => undefined);
  expect(await upstream.last().finished).toBe('aborted');
});

test('a reset as well', async () => {
  raw.respondWith((socket) => socket.resetAndDestroy());
  expect((await stack.request({ target: '/raw' })).statusCode).toBe(500);
});

test.each([
  ['fewer bytes than announced', `${HEAD}Content-Length: 10\r\n\r\nabc`],
  ['chunks without an end', `${HEAD}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`],
  ['a broken chunk', `${HEAD}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n`],
])('%s: the answer is broken off, so that the client can tell', async (_name, bytes) => {
  const from = stack.gateway.log.length;
  raw.respondWith((socket) => socket.write(bytes, () => setImmediate(() => socket.end())));
  const response = await stack.request({ target: '/raw' });
  expect([response.statusCode, response.complete]).toEqual([200, false]);
  expect(await logged(from)).toMatch(/UPSTREAM_UNAVAILABLE .*phase="stream"/);
});

test.each([
  ['/refused', 1],
  ['/persistent', 3],
])('%s: no connection; the log names the URL without its query, and the settings', async (target, attempts) => {
  const from = stack.gateway.log.length;
  const client = await RawClient.connect(stack.gateway);
  // The body is never begun, so that each attempt has all of it, and the client its answer.
  await client.send(buildRequest({ method: 'POST', target, body: 'a'.repeat(500_000), keepAlive: true }));
  expect((await client.read()).statusCode).toBe(500);
  const line = await logged(from);
  expect(line).toMatch(new RegExp(`function="http://127.0.0.1:\\d+/path" .*attempts=${attempts} phase="connect"`));
  expect(line).toMatch(/see functionUrl, proxyUrl and connectTimeout.*ECONNREFUSED/);
  expect(line).not.toContain('secret');
  await client.send(buildRequest({ target: '/plain' }));
  expect((await client.read()).statusCode).toBe(200);
  client.destroy();
});

test('no head in time is 504, and the connection is closed', async () => {
  upstream.respondWith(() => undefined);
  const response = await stack.request({ target: '/hurried' });
  expect([response.statusCode, response.body.toString()]).toEqual([504, '{"message":"Endpoint request timed out"}']);
  expect(await upstream.last().finished).toBe('aborted');
});

test('an upload that takes too long as well', async () => {
  upstream.respondWith((request) => void request.resume());
  const client = await RawClient.connect(stack.gateway);
  await client.send('POST /hurried HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nonly a part');
  expect((await client.read()).statusCode).toBe(504);
  client.destroy();
});

test.each([
  ['before its first piece', ''],
  ['between two', 'one'],
])('an answer that is silent too long, %s, is broken off, and its connection closed', async (_when, first) => {
  upstream.respondWith((_request, response) => {
    response.flushHeaders();
    if (first !== '') response.write(first);
  });
  const from = stack.gateway.log.length;
  const response = await stack.request({ target: '/impatient' });
  expect([response.statusCode, response.body.toString(), response.complete]).toEqual([200, first, false]);
  expect(await logged(from)).toMatch(/TIMEOUT .*phase="stream" .*silent for 300 ms/);
  expect(await upstream.last().finished).toBe('aborted');
});

test.each([
  ['waits', undefined],
  ['reads', 'one'],
])('a client that leaves while it %s ends the request to the upstream', async (_when, first) => {
  upstream.respondWith((_request, response) => first !== undefined && response.write(first));
  const from = stack.gateway.log.length;
  const client = await RawClient.connect(stack.gateway);
  await client.send(buildRequest({ target: '/plain' }));
  const call = await upstream.waitFor(1);
  if (first !== undefined) await client.readBytes(1);
  client.destroy();
  expect(await call.finished).toBe('aborted');
  expect(await logged(from)).toMatch(/CLIENT_CLOSED status=499/);
});

test('without credentials nothing is sent', async () => {
  const from = stack.gateway.log.length;
  expect((await stack.request({ target: '/keyless' })).statusCode).toBe(500);
  expect(await logged(from)).toMatch(/CREDENTIALS status=500 .*attempts=0 phase="credentials" .*setting profile/);
  expect(upstream.calls).toHaveLength(0);
});

test('a header that an earlier policy made, and HTTP cannot say, is our failure', async () => {
  const from = stack.gateway.log.length;
  expect((await stack.request({ target: '/latin' })).statusCode).toBe(500);
  expect(await logged(from)).toMatch(/INTERNAL status=500 .*cannot be written as HTTP/);
});

test('the gateway serves on after all of that', async () => {
  expect((await stack.request({ target: '/plain' })).statusCode).toBe(200);
});
