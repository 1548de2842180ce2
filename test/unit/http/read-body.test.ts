import { getEventListeners } from 'node:events';
import { PassThrough } from 'node:stream';
import type { ExpressRequest } from '../../../src/host/express-gateway';
import type { RequestBody } from '../../../src/http/read-body';
import { readBody } from '../../../src/http/read-body';

interface Given {
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly requestStream?: PassThrough;
  readonly body?: unknown;
  readonly _body?: boolean;
}

/** A request as far as its body goes: the stream, and what earlier policies left beside it. */
type GivenRequest = PassThrough & ExpressRequest & Pick<Given, 'requestStream'>;

function request({ headers = { 'transfer-encoding': 'chunked' }, ...rest }: Given = {}): GivenRequest {
  return Object.assign(new PassThrough(), { headers, ...rest }) as unknown as GivenRequest;
}

function read(req: GivenRequest, limit: number, signal: AbortSignal): Promise<RequestBody> {
  return readBody(req, req.requestStream, limit, signal);
}

async function drained(given: Given): Promise<GivenRequest> {
  const req = request(given);
  req.end();
  req.resume();
  await new Promise((resolve) => req.once('end', resolve));
  return req;
}

const open = (): AbortSignal => new AbortController().signal;
const EVENTS = ['data', 'end', 'error', 'close'];
const listenersOf = (stream: PassThrough): readonly number[] => EVENTS.map((event) => stream.listenerCount(event));

test.each([
  ['nothing', [], ''],
  ['one piece', ['hello'], 'hello'],
  ['many pieces', ['he', 'l', 'lo'], 'hello'],
  ['exactly the limit', ['0123456789'], '0123456789'],
])('an unread request is read to its end: %s', async (_name, pieces, text) => {
  const req = request();
  const before = listenersOf(req);
  const signal = open();
  const reading = read(req, 10, signal);
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  for (const piece of pieces) req.write(piece);
  req.end();
  const { bytes, rewritten } = await reading;
  expect([bytes.toString(), rewritten]).toEqual([text, false]);
  expect(listenersOf(req)).toEqual(before);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('a declared length above the limit is refused without reading', async () => {
  const req = request({ headers: { 'content-length': '11' } });
  await expect(read(req, 10, open())).rejects.toMatchObject({ code: 'REQUEST_TOO_LARGE' });
  expect(req.listenerCount('data')).toBe(0);
});

test('a request without a body has none, whatever a parser left behind and whoever took its end', async () => {
  const req = await drained({ headers: {}, body: {} });
  await expect(read(req, 10, open())).resolves.toEqual({ bytes: Buffer.alloc(0), rewritten: false });
});

test('a body that grows above the limit is refused, and what follows is thrown away', async () => {
  const req = request();
  const before = listenersOf(req);
  const reading = read(req, 10, open());
  req.write('0123456789');
  req.write('x');
  await expect(reading).rejects.toMatchObject({ code: 'REQUEST_TOO_LARGE' });
  expect(req.readableFlowing).toBe(true);
  expect(listenersOf(req)).toEqual(before);
});

test.each<[name: string, fault: (req: PassThrough) => void]>([
  ['an error', (req) => req.emit('error', new Error('broken chunk'))],
  ['a close', (req) => req.destroy()],
])('%s in the middle makes it unreadable', async (_name, fault) => {
  const req = request();
  const reading = read(req, 10, open());
  req.write('he');
  fault(req);
  await expect(reading).rejects.toMatchObject({ code: 'BODY_UNREADABLE' });
  expect(req.listenerCount('data')).toBe(0);
});

test('a request that is closed already is unreadable', async () => {
  const req = request();
  req.destroy();
  await expect(read(req, 10, open())).rejects.toMatchObject({ code: 'BODY_UNREADABLE' });
});

test.each(['before', 'meanwhile'])('an abort %s ends the waiting with its own reason', async (when) => {
  const req = request();
  const before = listenersOf(req);
  const controller = new AbortController();
  const reason = new Error('the deadline');
  if (when === 'before') controller.abort(reason);
  const reading = read(req, 10, controller.signal);
  controller.abort(reason);
  await expect(reading).rejects.toBe(reason);
  expect(listenersOf(req)).toEqual(before);
});

test('the stream that a policy put in place is read instead of the request', async () => {
  const requestStream = new PassThrough();
  const req = request({ requestStream });
  requestStream.end('replaced');
  const { bytes, rewritten } = await read(req, 10, open());
  expect([bytes.toString(), rewritten]).toEqual(['replaced', false]);
});

test.each([
  [4, 'four'],
  [0, ''],
])('a rewritten body of %d bytes is complete without an end', async (length, text) => {
  const requestStream = new PassThrough();
  const req = request({ requestStream, headers: { 'content-length': length } });
  requestStream.write('four');
  const { bytes, rewritten } = await read(req, 10, open());
  expect([bytes.toString(), rewritten]).toEqual([text, true]);
});

test('a request that is still piped elsewhere is freed', async () => {
  const [stale, requestStream] = [new PassThrough(), new PassThrough()];
  const req = request({ requestStream });
  req.pipe(stale);
  req.pipe(requestStream);
  const reading = read(req, 200_000, open());
  req.end(Buffer.alloc(100_000));
  expect((await reading).bytes).toHaveLength(100_000);
});

test.each<[name: string, given: Given, text: string]>([
  [
    'JSON',
    { _body: true, body: { a: 1 }, headers: { 'content-type': 'application/json', 'content-length': '9' } },
    '{"a":1}',
  ],
  ['bytes that a parser took without saying so', { body: Buffer.from('raw') }, 'raw'],
])('what a parser took is restored: %s', async (_name, given, text) => {
  const { bytes, rewritten } = await read(await drained(given), 10, open());
  expect([bytes.toString(), rewritten]).toEqual([text, true]);
});

test('an empty stream in place of a parsed body gives way to the parsed body', async () => {
  const requestStream = new PassThrough();
  requestStream.end();
  const headers = { 'content-type': 'application/json', 'content-length': '7' };
  const req = await drained({ requestStream, _body: true, body: { a: 1 }, headers });
  const { bytes, rewritten } = await read(req, 10, open());
  expect([bytes.toString(), rewritten]).toEqual(['{"a":1}', true]);
});

test('a restored body counts against the limit', async () => {
  const req = await drained({ _body: true, body: { a: 'long' }, headers: { 'content-type': 'application/json' } });
  await expect(read(req, 10, open())).rejects.toMatchObject({ code: 'REQUEST_TOO_LARGE' });
});

test.each([{ 'content-length': '4' }, { 'transfer-encoding': 'chunked' }])(
  'a body that was consumed and not kept is a fault: %p',
  async (headers) => {
    await expect(read(await drained({ headers }), 10, open())).rejects.toMatchObject({ code: 'INTERNAL' });
  },
);

test('a consumed request without a body has none', async () => {
  expect((await read(await drained({ headers: {} }), 10, open())).bytes).toHaveLength(0);
});
