import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExpressRequest } from '../../../src/host/express-gateway';
import { readBody } from '../../../src/http/read-body';
import { buildRequest, RawClient } from '../../support/raw-client';

/** Bodies as Node's own server hands them over. Each answer says what was read, and whether it had to be listened for. */
async function answer(req: IncomingMessage): Promise<string> {
  let isListenedFor = false;
  req.on('newListener', (event) => {
    isListenedFor ||= event === 'data';
  });
  const { bytes, rewritten } = await readBody(
    req as ExpressRequest,
    undefined,
    1_000_000,
    new AbortController().signal,
  );
  return JSON.stringify({ length: bytes.length, text: bytes.toString().slice(0, 10), rewritten, isListenedFor });
}

const server = createServer((req, res) => void answer(req).then((text) => res.end(text)));
let client: RawClient;

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(async () => {
  client = await RawClient.connect({ port: (server.address() as AddressInfo).port });
});
afterEach(() => {
  client.destroy();
});

const post = (body: string): Buffer => buildRequest({ method: 'POST', body, keepAlive: true });

async function read(): Promise<unknown> {
  const { body } = await client.read({ method: 'POST' });
  return JSON.parse(body.toString());
}

test('a body that came with its head is not listened for, and the connection is good for the next', async () => {
  for (const text of ['first', 'second', 'third']) {
    await client.send(post(text));
    expect(await read()).toEqual({ length: text.length, text, rewritten: false, isListenedFor: false });
  }
});

test('requests that come in one piece have each its own body', async () => {
  await client.send(Buffer.concat([post('first'), post('second'), post('third')]));
  expect(await read()).toMatchObject({ text: 'first' });
  expect(await read()).toMatchObject({ text: 'second' });
  expect(await read()).toMatchObject({ text: 'third' });
});

test.each([1, 60, 1_000])('a body that comes %d bytes at a time is whole', async (size) => {
  const length = size * 20;
  const bytes = post('x'.repeat(length));
  const arrived = once(server, 'request');
  await client.send(bytes.subarray(0, bytes.length - length));
  await arrived;
  await client.send(bytes.subarray(-length), { pieces: { size, intervalMs: 1 } });
  expect(await read()).toEqual({ length, text: 'xxxxxxxxxx', rewritten: false, isListenedFor: true });
});

test('a body of many pieces of what Node reads at once is whole', async () => {
  await client.send(post('x'.repeat(1_000_000)));
  expect(await read()).toEqual({ length: 1_000_000, text: 'xxxxxxxxxx', rewritten: false, isListenedFor: true });
});
