import { type Stack, startStack } from '../support/stack';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    v1: {},
    v2: { action: { payloadFormatVersion: '2.0' } },
    legacy: { action: { payloadFormatVersion: 'legacy' } },
  });
});
beforeEach(() => {
  stack.lambda.reset();
});
afterAll(() => stack.close());

async function answer(result: unknown, { target = '/v1', method = 'GET' } = {}) {
  stack.lambda.respondWith({ result });
  return stack.request({ method, target });
}

describe('status', () => {
  test.each([
    [201, 201],
    ['202', 202],
    [undefined, 200],
    [null, 200],
    [599, 599],
  ])('statusCode %p gives %p', async (statusCode, expected) => {
    expect((await answer({ statusCode, body: 'x' })).statusCode).toBe(expected);
  });

  test.each([0, 99, 100, 101, 199, 600, 700, -1, 200.5, 'abc', '', '0200', true, {}, []])(
    'statusCode %p makes the result malformed',
    async (statusCode) => {
      expect((await answer({ statusCode, body: 'x' })).statusCode).toBe(502);
    },
  );
});

describe('content type', () => {
  const png = { statusCode: 200, body: PNG.toString('base64'), isBase64Encoded: true };
  const bytes = { statusCode: 200, body: Buffer.from([1, 2, 3, 4]).toString('base64'), isBase64Encoded: true };
  const zip = {
    statusCode: 200,
    body: Buffer.from('504b0304140000000800', 'hex').toString('base64'),
    isBase64Encoded: true,
  };
  const text = (body: string) => ({ statusCode: 200, body });

  test.each([
    ['the bytes of a PNG', png, '/v1', 'image/png'],
    ['bytes that nobody knows', bytes, '/v1', 'application/octet-stream'],
    ['bytes that nobody knows at a telling path', bytes, '/v1/font.woff', 'font/woff'],
    ['a ZIP', zip, '/v1', 'application/zip'],
    [
      'a ZIP at a telling path',
      zip,
      '/v1/letter.docx',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    ['a PNG at a lying path', png, '/v1/a.pdf', 'image/png'],
    ['JSON', text('{"a":1}'), '/v1', 'application/json'],
    ['a JSON scalar', text('42'), '/v1', 'application/json'],
    ['text', text('hello'), '/v1', 'text/plain; charset=utf-8'],
    ['text at a telling path', text('a,b'), '/v1/table.csv', 'text/csv; charset=utf-8'],
    ['text at the path of an image', text('not found'), '/v1/a.png', 'text/plain; charset=utf-8'],
  ])('%s', async (_name, result, target, expected) => {
    const response = await answer(result, { target });
    expect(response.all('content-type')).toEqual([expected]);
    expect(response.all('x-content-type-options')).toEqual(['nosniff']);
  });

  test.each(['.html', '.htm', '.xhtml', '.svg', '.xml', '.js', '.mjs', '.rss', '.xsl'])(
    'the extension %s never makes an answer that browsers run',
    async (extension) => {
      for (const result of [text('<script>alert(1)</script>'), bytes]) {
        const response = await answer(result, { target: `/v1/upload${extension}` });
        expect(response.all('content-type')[0]).toMatch(/^(?:text\/plain; charset=utf-8|application\/octet-stream)$/);
      }
    },
  );

  test.each(['<?xml version="1.0"?><a/>', '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'])(
    'neither do the bytes: %s',
    async (source) => {
      const result = { body: Buffer.from(source).toString('base64'), isBase64Encoded: true };
      expect((await answer(result)).all('content-type')).toEqual(['application/octet-stream']);
    },
  );

  test("the function's own type stands, and nothing is added", async () => {
    const response = await answer({ headers: { 'content-TYPE': 'text/html' }, body: '<p>' }, { target: '/v1/a.json' });
    expect(response.all('content-type')).toEqual(['text/html']);
    expect(response.all('x-content-type-options')).toEqual([]);
  });

  test('no body, no type', async () => {
    expect((await answer({ statusCode: 200 })).all('content-type')).toEqual([]);
  });
});

describe('base64', () => {
  test.each(['AQID', 'AQI=', 'AQ==', 'AQI', ''])('%p is decoded', async (body) => {
    const response = await answer({ body, isBase64Encoded: true });
    expect(response.body.equals(Buffer.from(body, 'base64'))).toBe(true);
  });

  test.each([
    'A',
    '=',
    '==',
    'AQ=',
    'AQI==',
    'AQID=',
    '====',
    'ŁŁŁŁ',
    'AQID*',
    'AQ ID',
    'AQ\nID',
    'AQ==AQ==',
    'A_-D',
    'grüße',
  ])('%p is malformed', async (body) => {
    expect((await answer({ body, isBase64Encoded: true })).statusCode).toBe(502);
  });

  test('a flag that is neither true nor false is malformed', async () => {
    expect((await answer({ body: 'AQID', isBase64Encoded: 'yes' })).statusCode).toBe(502);
  });
});

describe('headers', () => {
  test('hop-by-hop and framing headers of the function are dropped', async () => {
    const { headers, body } = await answer({
      headers: {
        Connection: 'close, X-Hop',
        'Keep-Alive': 'timeout=1',
        'Proxy-Connection': 'close',
        'Proxy-Authenticate': 'Basic',
        TE: 'trailers',
        Trailer: 'X-T',
        'Transfer-Encoding': 'chunked',
        Upgrade: 'h2c',
        'Content-Length': '9999',
        'X-Hop': '1',
        'X-End': '2',
      },
      body: 'four',
    });
    const own = headers.filter(
      ([name]) =>
        !['Date', 'Content-Type', 'X-Content-Type-Options', 'x-amzn-RequestId', 'X-Amzn-Trace-Id'].includes(name),
    );
    expect(own).toEqual([
      ['X-End', '2'],
      ['Content-Length', '4'],
      ['Connection', 'close'],
    ]);
    expect(body.toString()).toBe('four');
  });

  test('lists, numbers and booleans are taken, nulls left out', async () => {
    const response = await answer({ headers: { 'X-List': ['a', 1, true], 'X-Number': 5, 'X-Null': null } });
    expect(response.all('x-list')).toEqual(['a', '1', 'true']);
    expect(response.all('x-number')).toEqual(['5']);
    expect(response.all('x-null')).toEqual([]);
  });

  test.each([
    ['a line break in a value', { 'X-A': 'a\r\nSet-Cookie: evil=1' }],
    ['a line feed in a value', { 'X-A': 'a\nb' }],
    ['a NUL in a value', { 'X-A': 'a\0b' }],
    ['a character beyond Latin-1', { 'X-A': 'Ж' }],
    ['a space in a name', { 'X A': 'a' }],
    ['an empty name', { '': 'a' }],
    ['a line break in a name', { 'X-A\r\nX-B': 'a' }],
    ['an object as value', { 'X-A': { b: 1 } }],
  ])('%s makes the result malformed', async (_name, headers) => {
    for (const result of [
      { headers },
      { multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, [v]])) },
    ]) {
      const response = await answer(result);
      expect(response.statusCode).toBe(502);
      expect(response.all('set-cookie')).toEqual([]);
    }
  });

  test('a line break in a cookie makes the result malformed', async () => {
    expect((await answer({ cookies: ['a=1\r\nX-Evil: 1'] })).statusCode).toBe(502);
  });

  test.each(['/v1', '/v2', '/legacy'])('cookies work in every format: %s', async (target) => {
    const response = await answer(
      { statusCode: 200, cookies: ['a=1', 'b=2; Path=/'], headers: { 'Set-Cookie': 'c=3' } },
      { target },
    );
    expect(response.all('set-cookie')).toEqual(['a=1', 'b=2; Path=/', 'c=3']);
  });

  test('names that differ in case only are one header; cookies keep every line', async () => {
    const response = await answer({ headers: { 'Set-Cookie': 'a=1', 'set-cookie': 'b=2', 'SET-COOKIE': 'c=3' } });
    expect(response.all('set-cookie')).toEqual(['a=1', 'b=2', 'c=3']);
  });

  test('the request id is that of the event', async () => {
    const response = await answer({ headers: { 'x-amzn-requestid': 'forged' } });
    expect(response.all('x-amzn-requestid')).toEqual([stack.lambda.last().event.requestContext.requestId]);
  });

  test('Date and Server are end-to-end: they pass under their own names', async () => {
    const response = await answer({ headers: { Server: 'mine', Date: 'Tue, 01 Jan 2030 00:00:00 GMT' } });
    expect(response.all('server')).toEqual(['mine']);
    expect(response.all('date')).toEqual(['Tue, 01 Jan 2030 00:00:00 GMT']);
  });
});

describe('answers without a body', () => {
  test.each([204, 304])('%d has neither body nor length, and keeps its headers', async (statusCode) => {
    const response = await answer({ statusCode, headers: { ETag: '"1"', 'Set-Cookie': 'a=1' }, body: 'surprise' });
    expect(response.statusCode).toBe(statusCode);
    expect(response.all('content-length')).toEqual([]);
    expect(response.all('transfer-encoding')).toEqual([]);
    expect(response.all('etag')).toEqual(['"1"']);
    expect(response.all('set-cookie')).toEqual(['a=1']);
  });

  test("HEAD has the function's length and no body", async () => {
    const response = await answer(
      { headers: { 'Content-Length': '1234', 'Content-Type': 'text/css' } },
      { method: 'HEAD' },
    );
    expect(response.all('content-length')).toEqual(['1234']);
    expect(response.all('content-type')).toEqual(['text/css']);
    expect(response.body.length).toBe(0);
  });

  test("HEAD with a function's body has that body's length", async () => {
    expect((await answer({ body: 'hello' }, { method: 'HEAD' })).all('content-length')).toEqual(['5']);
  });

  test('HEAD of a function that says nothing has no length', async () => {
    expect((await answer({ headers: { 'Content-Length': '-1' } }, { method: 'HEAD' })).all('content-length')).toEqual(
      [],
    );
  });
});

test('4 MB come through whole', async () => {
  const bytes = Buffer.alloc(4_000_000, 'ab1');
  const response = await answer({ body: bytes.toString('base64'), isBase64Encoded: true });
  expect(response.body.equals(bytes)).toBe(true);
});
