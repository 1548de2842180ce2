import { gzipSync } from 'node:zlib';
import { type Stack, startStack } from '../../support/stack';
import { type RawUpstream, startRawUpstream } from './support/raw-upstream';
import { forwarding } from './support/routes';
import { startUpstream, type Upstream } from './support/upstream';

let upstream: Upstream;
let raw: RawUpstream;
let stack: Stack;
beforeAll(async () => {
  upstream = await startUpstream();
  raw = await startRawUpstream();
  stack = await startStack({ plain: forwarding(upstream.url), raw: forwarding(raw.url) });
});
beforeEach(() => {
  upstream.reset();
});
afterAll(async () => {
  await stack.close();
  await raw.close();
  await upstream.close();
});

/** What the gateway makes of an answer's bytes; the connection is then closed, as some answers end by that. */
function answered(bytes: string, method = 'GET') {
  raw.respondWith((socket) => socket.end(bytes, 'latin1'));
  return stack.request({ method, target: '/raw' });
}

test.each([200, 201, 299, 301, 302, 307, 308, 400, 401, 403, 404, 413, 429, 500, 502, 503, 599])(
  'status %i is passed on, with its body',
  async (status) => {
    upstream.respondWith((_request, response) =>
      response.writeHead(status, { Location: 'http://elsewhere.example/' }).end(`status ${status}`),
    );
    const response = await stack.request({ target: '/plain' });
    expect(response.statusCode).toBe(status);
    expect(response.body.toString()).toBe(`status ${status}`);
    expect(response.all('location')).toEqual(['http://elsewhere.example/']);
    expect(upstream.calls).toHaveLength(1);
  },
);

test('headers keep their spelling and their lines', async () => {
  const response = await answered(
    'HTTP/1.1 200 Fine\r\nX-MiXeD: 1\r\nset-cookie: a=1\r\nSet-Cookie: b=2; HttpOnly\r\nx-mixed: 2\r\nX-Latin: caf\xe9\r\nContent-Length: 0\r\n\r\n',
  );
  expect(response.headers).toEqual(
    expect.arrayContaining([
      ['X-MiXeD', '1'],
      ['X-MiXeD', '2'],
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2; HttpOnly'],
      ['X-Latin', 'caf\xe9'],
      ['Content-Length', '0'],
    ]),
  );
});

test('those of its connection stay there, and what Connection names', async () => {
  const response = await answered(
    'HTTP/1.1 200 OK\r\nConnection: close, X-Private\r\nX-Private: secret\r\nKeep-Alive: timeout=9\r\nProxy-Authenticate: Basic\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nok',
  );
  expect(response.body.toString()).toBe('ok');
  expect(JSON.stringify(response.headers)).not.toMatch(/secret|timeout=9|Proxy-Authenticate|h2c/i);
  expect(response.all('connection')).toEqual(['close']); // the client asked for it
});

test("request id and trace id of the answer are the gateway's own", async () => {
  const response = await answered('HTTP/1.1 200 OK\r\nx-amzn-requestid: theirs\r\nContent-Length: 0\r\n\r\n');
  expect(response.all('x-amzn-requestid')).toEqual([expect.not.stringContaining('theirs')]);
});

test.each([
  [
    'chunked',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\nX-Trailer: 1\r\n\r\n',
    'abc',
  ],
  ['ended by the connection', 'HTTP/1.1 200 OK\r\n\r\nabc', 'abc'],
  ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nabc', 'abc'],
  [
    'after an interim answer',
    'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc',
    'abc',
  ],
  ['empty', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', ''],
])('a body that is %s', async (_name, bytes, body) => {
  const response = await answered(bytes);
  expect([response.statusCode, response.body.toString(), response.complete]).toEqual([200, body, true]);
});

test.each([
  ['HEAD', 'HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n', 200, ['1234']],
  ['HEAD', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 200, []],
  ['GET', 'HTTP/1.1 204 No Content\r\nETag: "1"\r\n\r\n', 204, []],
  ['GET', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\nETag: "1"\r\n\r\n', 304, []],
])('%s, %j: no body', async (method, bytes, status, length) => {
  const response = await answered(bytes, method);
  expect([response.statusCode, response.body.length, response.all('content-length')]).toEqual([status, 0, length]);
});

test('answers without a body leave their connection for the next request', async () => {
  const own = await startStack({ one: forwarding(upstream.url, { maxConnections: 1, maxPending: 0 }) });
  const statuses = [204, 304, 200, 204];
  for (const status of statuses) {
    upstream.respondWith((_request, response) => response.writeHead(status).end());
    expect((await own.request({ target: '/one' })).statusCode).toBe(status);
    expect((await own.request({ method: 'HEAD', target: '/one' })).statusCode).toBe(status);
  }
  expect(upstream.calls).toHaveLength(2 * statuses.length);
  await own.close();
});

test('more bytes than announced go no further, and into no other answer', async () => {
  const response = await answered(
    `HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc${'HTTP/1.1 200 OK\r\n'.repeat(1000)}`,
  );
  expect([response.body.toString(), response.complete]).toEqual(['abc', true]);
  expect((await answered('HTTP/1.1 201 OK\r\nContent-Length: 4\r\n\r\nnext')).body.toString()).toBe('next');
});

test('a compressed body is passed on as it is', async () => {
  const bytes = gzipSync('something to compress');
  upstream.respondWith((_request, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bytes));
  const response = await stack.request({ target: '/plain' });
  expect(response.all('content-encoding')).toEqual(['gzip']);
  expect(response.body).toEqual(bytes);
});
