import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildRequest, RawClient } from '../../support/raw-client';
import { type Stack, startStack } from '../../support/stack';
import { forwarding, KEYS } from './support/routes';
import { read, startUpstream, type Upstream } from './support/upstream';

const PATIENT = { timeout: 600_000, streamIdleTimeout: 600_000 };
const SIGNED = { authType: 'AWS_IAM', credentials: KEYS };

let upstream: Upstream;
let stack: Stack;
beforeAll(async () => {
  upstream = await startUpstream();
  const script = (behaviour: string) => ({ before: [{ 'test-script': { action: { behaviour } } }] });
  stack = await startStack({
    plain: forwarding(upstream.url, PATIENT),
    parsed: forwarding(upstream.url, {}, script('parse-json')),
    consumed: forwarding(upstream.url, {}, script('consume-body')),
    lambda: forwarding(upstream.url, { ...SIGNED, signing: { service: 'lambda', region: 'eu-west-1' } }),
    api: forwarding(upstream.url, { ...SIGNED, signing: { service: 'execute-api', region: 'eu-west-1' } }),
  });
});
beforeEach(() => {
  upstream.reset();
});
afterAll(async () => {
  await stack.close();
  await upstream.close();
});

const CHUNKED = 'POST /plain HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

test.each([
  ['a length stays a length', [['Content-Length', '3']], 'abc', ['3'], [], 'abc'],
  ['chunks stay chunks', [['Transfer-Encoding', 'chunked']], '3\r\nabc\r\n0\r\n\r\n', [], ['chunked'], 'abc'],
  ['an empty one has a length', [['Content-Length', '0']], '', ['0'], [], ''],
  ['no chunks at all', [['Transfer-Encoding', 'chunked']], '0\r\n\r\n', ['0'], [], ''],
  ['none', [], '', ['0'], [], ''],
  [
    'a compressed one stays that',
    [
      ['Content-Encoding', 'gzip'],
      ['Content-Length', '3'],
    ],
    'xyz',
    ['3'],
    [],
    'xyz',
  ],
] as [string, [string, string][], string, string[], string[], string][])(
  '%s',
  async (_name, headers, body, length, coding, arrived) => {
    const response = await stack.request({ method: 'POST', target: '/plain', headers, body, contentLength: false });
    expect(response.statusCode).toBe(200);
    const call = upstream.last();
    expect([call.all('content-length'), call.all('transfer-encoding'), call.body.toString()]).toEqual([
      length,
      coding,
      arrived,
    ]);
  },
);

test('GET has none, and can have one', async () => {
  await stack.request({ target: '/plain' });
  expect([upstream.last().all('content-length'), upstream.last().all('transfer-encoding')]).toEqual([[], []]);
  await stack.request({ target: '/plain', body: 'abc' });
  expect(upstream.last().body.toString()).toBe('abc');
});

test('a client that asks first is told to go on', async () => {
  const client = await RawClient.connect(stack.gateway);
  await client.send(
    'POST /plain HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n',
  );
  await client.readBytes(25);
  await client.send('abc');
  expect((await client.read()).statusCode).toBe(200);
  expect(client.interim.map(({ statusCode }) => statusCode)).toEqual([100]);
  expect(upstream.last().all('expect')).toEqual([]);
  expect(upstream.last().body.toString()).toBe('abc');
  client.destroy();
});

test('one that an earlier policy parsed is written again, with its own length', async () => {
  await stack.request({
    method: 'POST',
    target: '/parsed',
    headers: [['Content-Type', 'application/json']],
    body: '{ "a": 1 }',
  });
  expect(upstream.last().body.toString()).toBe('{"a":1}');
  expect(upstream.last().all('content-length')).toEqual(['7']);
});

test('one that an earlier policy took away is missed', async () => {
  expect((await stack.request({ method: 'POST', target: '/consumed', body: 'abc' })).statusCode).toBe(500);
  expect(upstream.calls).toHaveLength(0);
});

test.each([
  ['/lambda', 6_291_456],
  ['/api', 10_485_760],
])('%s: as much as AWS takes is signed, one byte more is refused', async (target, limit) => {
  expect((await stack.request({ method: 'POST', target, body: Buffer.alloc(limit, 'a') })).statusCode).toBe(200);
  expect(upstream.last().body).toHaveLength(limit);
  const refused = await stack.request({ method: 'POST', target, body: Buffer.alloc(limit + 1, 'a') });
  expect([refused.statusCode, refused.body.toString()]).toEqual([413, '{"message":"Request Entity Too Large"}']);
  expect(upstream.calls).toHaveLength(1);
});

test('both directions at once: what is sent comes back before the rest is sent', async () => {
  upstream.respondWith((request, response) => request.pipe(response));
  const client = await RawClient.connect(stack.gateway);
  let expected = '';
  await client.send(CHUNKED + chunk('first'));
  for (const text of ['first', 'second', 'third']) {
    if (text !== 'first') await client.send(chunk(text));
    expected += text;
    while (
      !client.received
        .toString()
        .replace(/\r\n[0-9a-f]+\r\n/g, '')
        .replaceAll('\r\n', '')
        .endsWith(expected)
    ) {
      await client.readBytes(client.received.length + 1);
    }
  }
  await client.send('0\r\n\r\n');
  const response = await client.read();
  expect([response.body.toString(), response.complete]).toEqual(['firstsecondthird', true]);
  client.destroy();
});

/** Writes all pieces, one after the other: two at once would be one to the socket. Tells how many were taken so far. */
function writeAll(stream: Writable): () => number {
  let taken = 0;
  const write = async (): Promise<void> => {
    for (let i = 0; i < PIECES; i += 1) {
      await new Promise((resolve) => stream.write(PIECE, resolve));
      taken += 1;
    }
    stream.end();
  };
  void write();
  return () => taken;
}

/** Waits until a count no longer grows: nobody takes more. */
async function settled(count: () => number): Promise<number> {
  for (let before = 0; before === 0 || before !== count();) {
    before = count();
    await sleep(500);
  }
  return count();
}

const PIECE = randomBytes(1024 * 1024);
const PIECES = 50;
const digest = () => {
  const hash = createHash('sha256');
  for (let i = 0; i < PIECES; i += 1) hash.update(PIECE);
  return hash.digest('hex');
};

test('an upload waits for a slow upstream, and 50 MB arrive whole', async () => {
  let go = (): void => undefined;
  const opened = new Promise<void>((resolve) => (go = resolve));
  const hash = createHash('sha256');
  upstream.respondWith(async (request, response) => {
    await opened;
    for await (const piece of request) hash.update(piece as Buffer);
    response.end('got it');
  });
  const client = http.request(`${stack.gateway.url}/plain`, { method: 'POST' });
  const answer = once(client, 'response') as Promise<[http.IncomingMessage]>;
  const taken = writeAll(client);
  await upstream.waitFor(1);
  expect(await settled(taken)).toBeLessThan(PIECES / 2);
  go();
  const [response] = await answer;
  expect(response.resume().statusCode).toBe(200);
  expect(hash.digest('hex')).toBe(digest());
});

test('a download waits for a slow client, and 50 MB arrive whole', async () => {
  let taken = (): number => 0;
  upstream.respondWith((_request, response) => void (taken = writeAll(response)));
  const client = http.get(`${stack.gateway.url}/plain`);
  const [response] = (await once(client, 'response')) as [http.IncomingMessage];
  // Sockets hold some of it, the gateway next to nothing.
  expect(await settled(() => taken())).toBeLessThan(PIECES / 2);
  const hash = createHash('sha256');
  for await (const piece of response) hash.update(piece as Buffer);
  expect(hash.digest('hex')).toBe(digest());
});

test.each(['goes on reading', 'closes'])(
  'an answer before the end of the upload reaches the client; the upstream %s',
  async (manner) => {
    upstream.respondWith((request, response) => {
      response
        .writeHead(413, { 'Content-Length': '8', ...(manner === 'closes' && { Connection: 'close' }) })
        .end('too long');
      request.resume();
    });
    const client = await RawClient.connect(stack.gateway);
    await client.send(CHUNKED + chunk('first'));
    expect((await client.read()).body.toString()).toBe('too long');
    // The rest of the upload is thrown away, and the next request is understood.
    upstream.respondWith(async (request, response, call) => {
      await read(request, call);
      response.end('next');
    });
    await client.send(`${chunk('a'.repeat(100_000)).repeat(20)}0\r\n\r\n`);
    await client.send(buildRequest({ target: '/plain', method: 'POST', body: 'abc' }));
    expect((await client.read()).body.toString()).toBe('next');
    expect(upstream.last().body.toString()).toBe('abc');
    client.destroy();
  },
);

test('a client that leaves within its body ends the request to the upstream', async () => {
  upstream.respondWith((request) => void request.resume());
  const client = await RawClient.connect(stack.gateway);
  await client.send(CHUNKED + chunk('first'));
  const call = await upstream.waitFor(1);
  client.destroy();
  expect(await call.finished).toBe('aborted');
});
