import type { Socket } from 'node:net';
import { getDefaultHighWaterMark, type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Dispatcher } from 'undici';
import { createDispatcher } from '../../../src/aws/dispatcher';
import { sendAndStream } from '../../../src/aws/send';
import type { Phase } from '../../../src/http/exchange';
import { eventually } from '../../support/eventually';
import { type RawUpstream, startRawUpstream } from '../function-url/support/raw-upstream';
import { type ConnectProxy, startConnectProxy } from './connect-proxy';

/** Connections that end while nobody reads the answer. undici 7 lets that end the process, which here fails the test. */
let upstream: RawUpstream;
let proxy: ConnectProxy;
let direct: Dispatcher;
let proxied: Dispatcher;

beforeAll(async () => {
  upstream = await startRawUpstream();
  proxy = await startConnectProxy(Number(new URL(upstream.url).port));
  const settings = { connectTimeout: 10_000, maxConnections: 1, keepAliveTimeout: 10_000, sslVerify: true };
  direct = createDispatcher({ ...settings, caFile: undefined, proxyUrl: undefined });
  proxied = createDispatcher({ ...settings, caFile: undefined, proxyUrl: proxy.url });
});
afterAll(async () => {
  await Promise.all([direct.destroy(), proxied.destroy()]);
  await proxy.close();
  await upstream.close();
});

/** As much as makes the answer's reader ask for a pause. */
const PIECE = 'a'.repeat(getDefaultHighWaterMark(false));

const HEADS = {
  'no length': '',
  'a length': 'Content-Length: 1000000\r\nConnection: close\r\n',
  chunks: 'Transfer-Encoding: chunked\r\nConnection: close\r\n',
} as const;

/** An answer of which a first piece has come, and the other end of its connection. */
async function begun(dispatcher: Dispatcher, head: keyof typeof HEADS): Promise<{ body: Readable; peer: Socket }> {
  const accepted = new Promise<Socket>((resolve) => {
    upstream.respondWith((socket) => {
      const piece = head === 'chunks' ? `${PIECE.length.toString(16)}\r\n${PIECE}\r\n` : PIECE;
      socket.write(`HTTP/1.1 200 OK\r\n${HEADS[head]}\r\n${piece}`);
      resolve(socket);
    });
  });
  const request = { origin: upstream.url, path: '/', method: 'GET', headers: {}, body: null };
  const progress = { signal: new AbortController().signal, phase: 'connect' as Phase };
  const { body } = await sendAndStream(dispatcher, request, progress);
  await eventually(() => body.readableLength === PIECE.length);
  return { body, peer: await accepted };
}

test.each(Object.keys(HEADS) as (keyof typeof HEADS)[])('a reset in an answer with %s breaks it off', async (head) => {
  const { body, peer } = await begun(direct, head);
  peer.resetAndDestroy();
  await eventually(() => body.destroyed);
  expect(body.errored).toBeInstanceOf(Error);
});

test('an end in an answer with a length breaks it off', async () => {
  const { body, peer } = await begun(direct, 'a length');
  peer.end();
  await eventually(() => body.destroyed);
  expect(body.errored).toBeInstanceOf(Error);
});

test.each([
  ['direct', () => direct],
  ['through a proxy', () => proxied],
])('an answer without length is whole when its connection ends, %s', async (_way, dispatcher) => {
  const { body, peer } = await begun(dispatcher(), 'no length');
  const closed = new Promise((resolve) => peer.once('close', resolve));
  peer.end();
  await closed;
  expect((await buffer(body)).toString()).toBe(PIECE);
});
