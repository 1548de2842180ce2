import { type StreamStart, readBodyStart, readStreamStart } from '../../../src/upstreams/stream-start';

const NUL8 = '\0'.repeat(8);

async function* pieces(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    await Promise.resolve();
    yield Buffer.from(part as string);
  }
}

/** What was found, with the body read to its end. */
async function found(start: StreamStart): Promise<unknown> {
  if (start.kind === 'result') return { result: start.payload.toString() };
  const body: Uint8Array[] = [];
  for await (const piece of start.rest) body.push(piece);
  const text = Buffer.concat(body).toString('latin1');
  return start.kind === 'metadata' ? { metadata: start.metadata, body: text } : { body: text };
}

const streams: readonly (readonly [name: string, bytes: string, expected: unknown])[] = [
  [
    'metadata and a body',
    `{"statusCode":202,"headers":{"X-A":"}"}}${NUL8}body`,
    { metadata: { statusCode: 202, headers: { 'X-A': '}' } }, body: 'body' },
  ],
  [
    'metadata with quotes, backslashes and lists',
    `{"headers":{"a":"\\"}\\\\"},"cookies":["[","{"]}${NUL8}x`,
    { metadata: { headers: { a: '"}\\' }, cookies: ['[', '{'] }, body: 'x' },
  ],
  ['empty metadata', `{}${NUL8}hi`, { metadata: {}, body: 'hi' }],
  ['metadata with a key that nobody knows', `{"status":200}${NUL8}hi`, { metadata: { status: 200 }, body: 'hi' }],
  ['metadata and no body', `{"statusCode":204}${NUL8}`, { metadata: { statusCode: 204 }, body: '' }],
  ['a body that begins with NULs', `{}${NUL8}\0\0tail`, { metadata: {}, body: '\0\0tail' }],
  ['a body with the delimiter in it', `{}${NUL8}a${NUL8}b`, { metadata: {}, body: `a${NUL8}b` }],
  [
    'metadata with a line break behind it',
    `{"statusCode":202}\r\n${NUL8}x`,
    { metadata: { statusCode: 202 }, body: 'x' },
  ],
  [
    'metadata with a line break behind it, and no body',
    `{"headers":{}}\n${NUL8}`,
    { metadata: { headers: {} }, body: '' },
  ],
  ['text', 'hello', { body: 'hello' }],
  ['nothing', '', { body: '' }],
  ['one NUL', '\0', { body: '\0' }],
  ['JSON lines', '{"a":1}\n{"a":2}\n', { body: '{"a":1}\n{"a":2}\n' }],
  ['a JSON list', '[{"a":1}]', { body: '[{"a":1}]' }],
  ['a JSON object', '{"message":"hi"}', { body: '{"message":"hi"}' }],
  ['an empty JSON object', '{}', { body: '{}' }],
  ['what begins like JSON', '{ oh no', { body: '{ oh no' }],
  ['an object that never ends', '{"statusCode":200,"body":"x', { body: '{"statusCode":200,"body":"x' }],
  ['an object and seven NULs', `{"statusCode":200}${'\0'.repeat(7)}`, { body: `{"statusCode":200}${'\0'.repeat(7)}` }],
  ['an object, seven NULs and more', `{"a":1}${'\0'.repeat(7)}x`, { body: `{"a":1}${'\0'.repeat(7)}x` }],
  [
    'an ordinary result',
    '{"statusCode":201,"body":"{\\"a\\":1}"}',
    { result: '{"statusCode":201,"body":"{\\"a\\":1}"}' },
  ],
  ['an ordinary result with a line break behind it', '{"statusCode":201}\n', { result: '{"statusCode":201}\n' }],
  ['text and seven NULs', `abc${'\0'.repeat(7)}`, { body: `abc${'\0'.repeat(7)}` }],
  [
    'an archive that begins with a file name',
    `file.txt${'\0'.repeat(92)}0000644`,
    { body: `file.txt${'\0'.repeat(92)}0000644` },
  ],
];

describe.each(streams)('%s', (_name, bytes, expected) => {
  const whole = Buffer.from(bytes, 'latin1');

  test('in one piece', async () => {
    expect(await found(await readStreamStart(pieces(whole)))).toEqual(expected);
  });

  test('byte by byte, with empty pieces between', async () => {
    const single = [...whole].flatMap((byte) => [Buffer.from([byte]), Buffer.alloc(0)]);
    expect(await found(await readStreamStart(pieces(...single)))).toEqual(expected);
  });

  test('cut at every place', async () => {
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const start = await readStreamStart(pieces(whole.subarray(0, cut), whole.subarray(cut)));
      expect(await found(start)).toEqual(expected);
    }
  });
});

test.each([
  ['metadata that is not JSON', `{"statusCode":200,}${NUL8}x`],
  ['metadata in another notation', `status=200${NUL8}x`],
  ['the same, its delimiter at the end of a piece', `status=200${NUL8}`, 'x'],
  ['the same without a body', `status=200${NUL8}`],
  ['metadata with a line break, and not JSON', `{\n  statusCode: 200\n}${NUL8}x`],
  ['metadata with letters beyond ASCII, and not JSON', `status=\u00e9${NUL8}x`],
  ['metadata that breaks off', `{"statusCode":200${NUL8}x`],
  ['metadata that breaks off without a body', `{"statusCode":${NUL8}`],
  ['metadata that breaks off in a string', `{"statusCode":200,"a":"b${NUL8}x`],
  ['metadata that breaks off, cut in its delimiter', `{"statusCode":200${NUL8.slice(5)}`, `${NUL8.slice(3)}x`],
  ['a delimiter and nothing before it', `${NUL8}body`],
  ['metadata beyond 16 KB', `{"headers":{"a":"${'x'.repeat(16_384)}"}}${NUL8}x`],
])('%s makes the result malformed', async (_name, ...parts) => {
  await expect(readStreamStart(pieces(...parts))).rejects.toMatchObject({ code: 'MALFORMED_RESULT' });
});

/** A source that tells how far it was read. */
function counted(...parts: string[]) {
  const state = { read: 0, closed: false };
  async function* source(): AsyncGenerator<Uint8Array> {
    try {
      for (const part of parts) {
        await Promise.resolve();
        state.read += 1;
        yield Buffer.from(part);
      }
    } finally {
      state.closed = true;
    }
  }
  return { state, iterator: source() };
}

test.each([
  ['text', ['hello', 'more'], 1],
  ['JSON lines', ['{"a":1}', '\n', 'more'], 2],
  ['a large JSON document', ['{"items":[', 'x'.repeat(16_384), 'more'], 2],
  ['metadata', [`{}${NUL8}`, 'more'], 1],
])('no more is read than it takes to tell: %s', async (_name, parts, expected) => {
  const { state, iterator } = counted(...parts);
  await readStreamStart(iterator);
  expect(state.read).toBe(expected);
});

test('an ordinary result is held as long as it may be one', async () => {
  const body = 'x'.repeat(100_000);
  const start = await readStreamStart(pieces('{"statusCode":200,"body":"', body, '"}'));
  expect(start).toMatchObject({ kind: 'result' });
});

test('a stream that looks like a result beyond what Lambda returns in one piece is a body', async () => {
  const { state, iterator } = counted('{"body":"', 'x'.repeat(6_291_556), 'more', 'never read');
  expect(await readStreamStart(iterator)).toMatchObject({ kind: 'body', isWhole: false });
  expect(state.read).toBe(2);
});

test('closing the rest closes the source, whether or not it was read from', async () => {
  for (const reads of [0, 1]) {
    const { state, iterator } = counted(`{}${NUL8}first`, 'second', 'third');
    const start = await readStreamStart(iterator);
    if (start.kind !== 'metadata') throw new Error('no metadata');
    const rest = start.rest[Symbol.asyncIterator]();
    for (let i = 0; i < reads; i += 1) await rest.next();
    await rest.return?.();
    expect(state.closed).toBe(true);
  }
});

test('a stream that is the body is not looked into', async () => {
  const start = await readBodyStart(pieces(`{}${NUL8}`, 'x'));
  expect(await found(start)).toEqual({ body: `{}${NUL8}x` });
});

test('a failure of the source is the failure of the start', async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{"a"');
    await Promise.resolve();
    throw new Error('broken');
  }
  await expect(readStreamStart(failing())).rejects.toThrow('broken');
});
