import fc from 'fast-check';
import { buildRequest, RawClient, type RawResponse, type RequestParts } from '../support/raw-client';
import { startTable, type Outcome, type Row, type Table } from './support/table';

/** One row for each format: any path, any method. */
const FORMATS = ['1.0', '2.0', 'legacy', 'custom'] as const;
type Format = (typeof FORMATS)[number];
const rows: readonly Row[] = FORMATS.map((format) => ({
  name: format,
  source: 'decision of this project: nothing a client sends or a function returns does damage',
  settings: format === 'custom' ? { useCustomIntegration: true } : { payloadFormatVersion: format },
}));

// The same examples each time, so that a failure is due to what was changed. Another seed looks for others.
fc.configureGlobal({ seed: 1_160 });

let table: Table | undefined;
beforeAll(async () => {
  table = await startTable(rows, {});
});
afterAll(async () => {
  await table?.close();
});

const send = (format: Format, request: RequestParts): Promise<Outcome> =>
  table!.run({ ...rows.find(({ name }) => name === format)!, request });
const both = fc.constantFrom('1.0' as const, '2.0' as const);

describe('request → event → request', () => {
  /** Names that objects have without being given them. */
  const trap = fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', '');
  const text = fc
    .oneof(fc.string(), fc.string({ unit: 'binary' }), trap)
    .filter((value) => !/\p{Surrogate}/u.test(value));

  test('paths arrive as they were sent', async () => {
    const literal = fc.constantFrom(...'aZ09-._~!$&\'()*+,;=:@|{}[]^"'.split(''));
    const encoded = text.map(encodeURIComponent);
    const segment = fc.array(fc.oneof(literal, encoded), { maxLength: 8 }).map((parts) => parts.join(''));
    const target = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => `/${segments.join('/')}`);
    await fc.assert(
      fc.asyncProperty(target, both, async (path, format) => {
        const { event, response } = await send(format, { target: path });
        expect(response.statusCode).toBe(200);
        expect(format === '1.0' ? event.requestContext.path : event.rawPath).toBe(path);
      }),
    );
  });

  test('queries: names, values, order, however they are encoded', async () => {
    const encode = (value: string, plus: boolean): string =>
      plus ? encodeURIComponent(value).replaceAll('%20', '+') : encodeURIComponent(value);
    const pair = fc.tuple(text, text, fc.boolean()).filter(([name, value]) => name !== '' || value !== '');
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { minLength: 1 }), both, async (pairs, format) => {
        const query = pairs.map(([name, value, plus]) => `${encode(name, plus)}=${encode(value, plus)}`).join('&');
        const { event } = await send(format, { target: `/?${query}` });
        const names = [...new Set(pairs.map(([name]) => name))];
        const values = names.map(
          (name) => [name, pairs.flatMap((pair) => (pair[0] === name ? [pair[1]] : []))] as const,
        );
        // Entries, because a comparison of objects overlooks `__proto__`.
        if (format === '2.0') {
          expect(event.rawQueryString).toBe(query);
          expect(sorted(event.queryStringParameters)).toEqual(
            sorted(values.map(([name, all]) => [name, all.join(',')])),
          );
        } else {
          expect(sorted(event.multiValueQueryStringParameters)).toEqual(sorted(values));
          expect(sorted(event.queryStringParameters)).toEqual(sorted(values.map(([name, all]) => [name, all.at(-1)])));
        }
      }),
    );
  });

  const sorted = (entries: object): (readonly [string, unknown])[] =>
    (Array.isArray(entries) ? (entries as [string, unknown][]) : Object.entries(entries)).toSorted(([a], [b]) =>
      a < b ? -1 : 1,
    );

  test('header values of any bytes that HTTP allows, repeated ones included', async () => {
    const byte = fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0x80, max: 0xff }), fc.constant(9));
    const value = fc.array(byte, { maxLength: 20 }).map((bytes) =>
      Buffer.from(bytes)
        .toString('latin1')
        .replace(/^[ \t]+|[ \t]+$/g, ''),
    );
    const name = fc
      .stringMatching(/^[xX]-[A-Za-z0-9!#$%&'*+.^_`|~-]{1,12}$/)
      .filter((text) => !/^x-(amzn|forw)/i.test(text));
    await fc.assert(
      fc.asyncProperty(name, fc.array(value, { minLength: 1, maxLength: 3 }), both, async (header, values, format) => {
        const { event } = await send(format, { headers: values.map((line) => [header, line] as const) });
        if (format === '2.0') expect(event.headers[header.toLowerCase()]).toBe(values.join(','));
        else expect(event.multiValueHeaders[header]).toEqual(values);
      }),
    );
  });

  test('bodies of any bytes, whatever their type', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      text.map((value) => Buffer.from(value)),
    );
    const type = fc.constantFrom(
      undefined,
      'text/plain',
      'application/json',
      'application/octet-stream',
      'x',
      ';',
      'a/b; charset=utf-16',
    );
    await fc.assert(
      fc.asyncProperty(bytes, type, fc.constantFrom(...FORMATS), async (body, contentType, format) => {
        const headers = contentType === undefined ? [] : [['Content-Type', contentType] as const];
        const { event } = await send(format, { method: 'POST', headers, body });
        const received = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
        expect(received.toString('hex')).toBe(Buffer.from(body).toString('hex'));
      }),
    );
  });
});

describe('bad requests', () => {
  test('any bytes as target: an event without damage, or 400', async () => {
    const byte = fc.integer({ min: 0x21, max: 0xff }).filter((value) => value !== 0x7f);
    const bytes = fc.array(byte, { maxLength: 30 }).map((target) => Buffer.from(target).toString('latin1'));
    await fc.assert(
      fc.asyncProperty(fc.tuple(fc.constantFrom('/', '//', '/%', '/?', '/a/../'), bytes), async ([start, rest]) => {
        const target = start + rest;
        const { response, event } = await send('2.0', { target });
        if (response.statusCode === 200) {
          const { rawPath, rawQueryString } = event as Record<string, string>;
          // A fragment is none of the server's business; a lone question mark is no query.
          expect(rawPath! + (rawQueryString === '' ? '' : `?${rawQueryString!}`)).toBe(
            target.replace(/#.*$|$/, '').replace(/^([^?]*)\?$/, '$1'),
          );
        } else {
          expect({ status: response.statusCode, event }).toEqual({ status: 400, event: undefined });
        }
      }),
    );
  });

  test.each([
    ['absolute form', 'http://evil.example/x?a=b', { rawPath: '/x', rawQueryString: 'a=b' }],
    ['absolute form without a path', 'http://evil.example', { rawPath: '/', rawQueryString: '' }],
    ['absolute form, query only', 'http://evil.example?a=b', { rawPath: '/', rawQueryString: 'a=b' }],
    ['a host in front', '//evil.example/x', { rawPath: '//evil.example/x' }],
    ['a backslash', '/\\evil.example', { rawPath: '/\\evil.example' }],
    ['a fragment', '/x?a=b#c?d', { rawPath: '/x', rawQueryString: 'a=b' }],
  ])('%s', async (_name, target, expected) => {
    const { event, response } = await send('2.0', { target });
    expect(response.statusCode).toBe(200);
    expect(event).toMatchObject({
      ...expected,
      requestContext: { domainName: expect.stringMatching(/^row-1\.test$/) },
    });
  });

  describe('10,000 query parameters', () => {
    const target = `/?${Array.from({ length: 10_000 }, (_, index) => `k${index}=${index}`).join('&')}`;

    test('are more than Node takes by default: 431', async () => {
      const { response, invocations } = await send('1.0', { target });
      expect({ status: response.statusCode, invocations }).toEqual({ status: 431, invocations: 0 });
    });

    test.each(['1.0', '2.0'] as const)('are all in the event where Node takes them, %s', async (format) => {
      const { server } = table!.gateway;
      const { maxHeaderSize } = server as { maxHeaderSize?: number };
      try {
        Object.assign(server, { maxHeaderSize: 1_000_000 });
        const { event } = await send(format, { target });
        expect(Object.keys(event.queryStringParameters as object)).toHaveLength(10_000);
        expect(event.queryStringParameters.k9999).toBe('9999');
      } finally {
        Object.assign(server, { maxHeaderSize });
      }
    });
  });
});

describe('any result gives a valid answer', () => {
  /** One connection for all answers: bytes too many or too few would spoil the next one. */
  let client: RawClient | undefined;
  afterEach(() => {
    client?.destroy();
    client = undefined;
  });

  async function answerTo(payload: string, format: Format): Promise<RawResponse> {
    table!.lambda.respondWith({ payload });
    client ??= await RawClient.connect(table!.gateway);
    const headers = [['Host', `row-${FORMATS.indexOf(format)}.test`] as const];
    await client.send(buildRequest({ headers, keepAlive: true }));
    return client.read();
  }

  async function expectValidAnswer(payload: string, format: Format): Promise<void> {
    const response = await answerTo(payload, format);
    expect(response.complete).toBe(true);
    expect(response.statusCode).toBeGreaterThanOrEqual(200);
    expect(response.statusCode).toBeLessThan(600);
    expect(client!.received).toHaveLength(0);
    const invalid = response.headers.filter(
      ([name, value]) => !/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value),
    );
    expect(invalid).toEqual([]);
    // The hostile texts below try to say these.
    expect([response.all('injected'), response.all('transfer-encoding')]).toEqual([[], []]);
  }

  const format = fc.constantFrom(...FORMATS);
  const hostile = fc.constantFrom(
    'a\r\nInjected: 1',
    'a\nInjected: 1',
    'a\r\n\r\n<html>',
    '\0',
    '\ud800',
    '世界',
    ' a ',
    '',
  );
  const anything = fc.jsonValue({ stringUnit: 'binary' });
  const scalar = fc.oneof(
    hostile,
    fc.string({ unit: 'binary' }),
    fc.constantFrom(1e308, -0, 2 ** 53, true, null),
    anything,
  );
  const name = fc.oneof(
    fc.constantFrom(
      'Content-Type',
      'content-length',
      'Transfer-Encoding',
      'Connection',
      'Set-Cookie',
      'Date',
      'Upgrade',
    ),
    fc.constantFrom('x-a', 'X-A', '__proto__', 'constructor', 'a b', 'a:b', 'Injected: 1\r\nx', 'ü'),
    hostile,
  );
  const headers = fc.oneof(fc.dictionary(name, scalar), anything);
  const nearlyValid = fc.record(
    {
      statusCode: fc.oneof(
        fc.integer({ min: 99, max: 600 }),
        fc.constantFrom('201', '0200', 204, 304, 1e3, -1, 200.1),
        anything,
      ),
      headers,
      multiValueHeaders: fc.oneof(fc.dictionary(name, fc.oneof(fc.array(scalar), scalar)), anything),
      cookies: fc.oneof(fc.array(scalar), anything),
      body: scalar,
      isBase64Encoded: fc.oneof(fc.boolean(), fc.constantFrom('true', 'yes', 1, null)),
    },
    { requiredKeys: [] },
  );

  test('any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(anything, format, async (value, version) => {
        await expectValidAnswer(JSON.stringify(value), version);
      }),
      { numRuns: 200 },
    );
  });

  test('results that are nearly right', async () => {
    await fc.assert(
      fc.asyncProperty(nearlyValid, format, async (value, version) => {
        await expectValidAnswer(JSON.stringify(value), version);
      }),
      { numRuns: 600 },
    );
  });

  test('any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), format, async (payload, version) => {
        await expectValidAnswer(payload, version);
      }),
    );
  });

  test.each([
    ['deep nesting', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['a huge number', '{"statusCode":1e999999}'],
    ['a long number', `{"statusCode":200,"headers":{"x-n":${'9'.repeat(5000)}}}`],
    ['lone surrogates', '{"statusCode":200,"headers":{"x-a":"\\ud800"},"body":"\\udfff"}'],
    ['a byte order mark', '\ufeff{"statusCode":200}'],
    ['a header that fills a response', JSON.stringify({ statusCode: 200, headers: { 'x-long': 'x'.repeat(100_000) } })],
    [
      'ten thousand headers',
      JSON.stringify({ headers: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`x-${i}`, 'y'])) }),
    ],
  ])('%s', async (_name, payload) => {
    for (const version of FORMATS) await expectValidAnswer(payload, version);
  });
});
