import { gzipSync } from 'node:zlib';
import { RawClient } from '../support/raw-client';
import { type Stack, startStack } from '../support/stack';

/** What earlier policies do to a request before ours sees it. */
const BEFORE = {
  untouched: {},
  delayed: { before: [{ 'test-script': { action: { behaviour: 'delay', ms: 120 } } }] },
  'read-by-json-schema': {
    condition: { name: 'json-schema', schema: { $id: 'http://test/any', type: ['object', 'array'] } },
  },
  'headers-rewritten': {
    before: [{ 'request-transformer': { action: { headers: { add: { 'x-added': '42' } } } } }],
  },
  'parsed-as-json': { before: [{ 'test-script': { action: { behaviour: 'parse-json' } } }] },
  'parsed-as-form': { before: [{ 'test-script': { action: { behaviour: 'parse-form' } } }] },
  'parsed-as-bytes': { before: [{ 'test-script': { action: { behaviour: 'parse-raw' } } }] },
  'parsed-as-text': { before: [{ 'test-script': { action: { behaviour: 'parse-text' } } }] },
} as const;

type State = keyof typeof BEFORE;

interface BodyCase {
  readonly name: string;
  readonly type?: string;
  readonly bytes: Buffer;
  readonly headers?: [string, string][];
  /** States in which the original bytes must reach the function. Parsers that do not take the type leave it alone. */
  readonly intact: readonly State[];
}

const UNREAD: readonly State[] = ['untouched', 'delayed', 'headers-rewritten'];
const ALL = Object.keys(BEFORE) as State[];

const BODIES: readonly BodyCase[] = [
  { name: 'JSON', type: 'application/json', bytes: Buffer.from('{"a":1,"b":[true,null]}'), intact: ALL },
  {
    name: 'JSON of 200 kB',
    type: 'application/json',
    bytes: Buffer.from(JSON.stringify({ text: 'ä'.repeat(100_000) })),
    intact: UNREAD,
  },
  { name: 'a form', type: 'application/x-www-form-urlencoded', bytes: Buffer.from('a=1&b=x+y&b=z'), intact: UNREAD },
  {
    name: 'text',
    type: 'text/plain',
    bytes: Buffer.from('grüße'),
    intact: [...UNREAD, 'parsed-as-json', 'parsed-as-text'],
  },
  {
    name: 'bytes',
    type: 'application/octet-stream',
    bytes: Buffer.from([0, 255, 128, 10, 13]),
    intact: [...UNREAD, 'parsed-as-json', 'parsed-as-form', 'parsed-as-bytes'],
  },
  {
    name: 'bytes that call themselves JSON',
    type: 'application/json',
    bytes: Buffer.from([0xff, 0xfe, 0]),
    intact: UNREAD,
  },
  {
    name: 'a gzipped body',
    type: 'application/json',
    bytes: gzipSync('{"a":1}'),
    headers: [['Content-Encoding', 'gzip']],
    intact: UNREAD,
  },
  {
    name: 'a body without a type',
    bytes: Buffer.from('hello'),
    intact: [...UNREAD, 'parsed-as-json', 'parsed-as-form'],
  },
  { name: '300 kB of bytes', type: 'image/png', bytes: Buffer.alloc(300_000, 0xfe), intact: UNREAD },
];

let stack: Stack;

beforeAll(async () => {
  stack = await startStack(BEFORE);
});
beforeEach(() => {
  stack.lambda.reset();
});
afterAll(() => stack.close());

function receivedBody(): Buffer {
  const { body, isBase64Encoded } = stack.lambda.last().event;
  return body === null ? Buffer.alloc(0) : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
}

async function post(state: State, { type, bytes, headers = [] }: Omit<BodyCase, 'name' | 'intact'>, chunked = false) {
  const framing: [string, string] = chunked
    ? ['Transfer-Encoding', 'chunked']
    : ['Content-Length', String(bytes.length)];
  const encoded = chunked
    ? Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n0\r\n\r\n')])
    : bytes;
  return stack.request({
    method: 'POST',
    target: `/${state}`,
    headers: [...(type === undefined ? [] : [['Content-Type', type] as [string, string]]), framing, ...headers],
    body: encoded,
  });
}

describe.each(BODIES)('$name', (body) => {
  test.each(body.intact)('reaches the function byte for byte: %s', async (state) => {
    expect((await post(state, body)).statusCode).toBe(200);
    expect(receivedBody().equals(body.bytes)).toBe(true);
  });

  test.each(body.intact.filter((state) => UNREAD.includes(state)))('the same, chunked: %s', async (state) => {
    expect((await post(state, body, true)).statusCode).toBe(200);
    expect(receivedBody().equals(body.bytes)).toBe(true);
  });
});

test.each(ALL)('no body is null, not an empty text: %s', async (state) => {
  await stack.request({ method: 'POST', target: `/${state}`, headers: [['Content-Length', '0']] });
  expect(stack.lambda.last().event).toMatchObject({ body: null, isBase64Encoded: false });
});

test('a chunked JSON body that a parser took is restored', async () => {
  const body = { type: 'application/json', bytes: Buffer.from('{"a":1}') };
  expect((await post('parsed-as-json', body, true)).statusCode).toBe(200);
  expect(receivedBody().toString()).toBe('{"a":1}');
});

test('a gzipped JSON body that a parser unpacked is text again, and its headers describe it', async () => {
  await post('parsed-as-json', {
    type: 'application/json',
    bytes: gzipSync('{"a":1}'),
    headers: [['Content-Encoding', 'gzip']],
  });
  const { event } = stack.lambda.last();
  expect(event).toMatchObject({ body: '{"a":1}', isBase64Encoded: false });
  expect(Object.keys(event.headers).map((name) => name.toLowerCase())).not.toContain('content-encoding');
});

test('a form that a parser took is restored as a form', async () => {
  await post('parsed-as-form', { type: 'application/x-www-form-urlencoded', bytes: Buffer.from('a=1&b=x+y&b=z') });
  expect([...new URLSearchParams(receivedBody().toString())]).toEqual([
    ['a', '1'],
    ['b', 'x y'],
    ['b', 'z'],
  ]);
});

test('a body that arrives in many pieces is whole', async () => {
  const bytes = Buffer.from('piece by piece ä');
  const head = `POST /untouched HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  const client = await RawClient.connect(stack.gateway);
  await client.send(Buffer.concat([Buffer.from(head), bytes]), { pieces: { size: 9, intervalMs: 3 } });
  expect((await client.read()).statusCode).toBe(200);
  expect(receivedBody().equals(bytes)).toBe(true);
  client.destroy();
});

test('Expect: 100-continue is answered and does not reach the function', async () => {
  const client = await RawClient.connect(stack.gateway);
  await client.send(
    'POST /untouched HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n',
  );
  await client.readBytes(25);
  await client.send('hi');
  expect((await client.read()).statusCode).toBe(200);
  expect(client.interim.map(({ statusCode }) => statusCode)).toEqual([100]);
  expect(stack.lambda.last().event.body).toBe('hi');
  expect(Object.keys(stack.lambda.last().event.headers)).not.toContain('Expect');
  client.destroy();
});
