import http from 'node:http';
import { gzipSync } from 'node:zlib';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { streamedResponse } from '../../support/lambda-endpoint';
import { buildRequest, RawClient } from '../../support/raw-client';
import type { App, Parts } from './support';
import { logged, startApp, VERSIONS } from './support';

/** Wraps the answer's `write` and `end` as compression middleware does: `end` hands its chunk to `write`. */
const upperCase: RequestHandler = (_req, res, next) => {
  const write = res.write.bind(res);
  const end = res.end.bind(res);
  res.write = ((chunk: Buffer) => write(chunk.toString().toUpperCase(), 'utf8')) as typeof res.write;
  res.end = ((chunk?: unknown) => {
    if (Buffer.isBuffer(chunk)) res.write(chunk);
    return end();
  }) as typeof res.end;
  next();
};

const isLastResort: ErrorRequestHandler = (_error, _req, res, next) => {
  res.status(599).end('the error handler');
  next();
};

function routes({ app, express, proxy }: Parts): void {
  app.set('trust proxy', 'loopback');
  const v1 = proxy();
  const v2 = proxy({ payloadFormatVersion: '2.0' });
  app.use('/v1', v1).use('/v2', v2);
  app.use('/stream', proxy({ invokeMode: 'RESPONSE_STREAM' }));
  app.use('/json', express.json(), v1);
  app.use('/form', express.urlencoded({ extended: true }), v1);
  app.use('/raw', express.raw({ type: '*/*' }), v1);
  app.use('/text', express.text(), v1);
  app.use('/all-parsers', express.json(), express.urlencoded({ extended: false }), v1);
  app.use('/upper', upperCase, v1).use('/upper-stream', upperCase, proxy({ invokeMode: 'RESPONSE_STREAM' }));
  app.use('/custom', proxy({ useCustomIntegration: true }));
  app.use('/locals', (_req, res, next) => {
    res.locals.lambda = { tenant: 'blue' };
    next();
  });
  app.use('/locals/custom', proxy({ useCustomIntegration: true })).use('/locals/context', v1);
  const identified =
    (properties: object): RequestHandler =>
    (req, _res, next) => {
      Object.assign(req, properties);
      next();
    };
  const record = { id: 7, username: 'ann', email: 'ann@example.com', sub: 'x', salt: 'secret', type: 'admin' };
  app.use('/user/record', identified({ user: record }));
  app.use('/user/token', identified({ user: { sub: 'someone', iat: 1, scope: 'read write' } }));
  app.use('/user', v1).use('/user-2', identified({ user: record }), v2);
  app.use('/id/text', identified({ id: 'id-of-the-app' })).use('/id/number', identified({ id: 12 }));
  app.use('/id/unsafe', identified({ id: 'two\nlines' })).use('/id', v1);
  app.use('/late', (req, res, next) => {
    res.end('answered before');
    next();
  });
  app.use('/twice', (_req, _res, next) => {
    next();
    next();
  });
  app.use('/twice', v1, v2);
  app.use('/late', v1).use('/slow', proxy({ timeout: 300 }));
  app.use(isLastResort);
}

describe.each(VERSIONS)('Express %d', (version) => {
  let app: App;

  beforeAll(async () => {
    app = await startApp(version, routes);
  });
  beforeEach(() => {
    app.lambda.reset();
    app.log.length = 0;
  });
  afterAll(() => app.close());

  const json = (value: unknown) => ({
    method: 'POST',
    headers: [['Content-Type', 'application/json']] as [string, string][],
    body: JSON.stringify(value),
  });

  test('events of both formats have what the client sent', async () => {
    await app.request({ ...json({ a: 1 }), target: '/v1/x?a=1&a=2' });
    expect(app.lambda.last().event).toMatchObject({
      httpMethod: 'POST',
      path: '/v1/x',
      multiValueQueryStringParameters: { a: ['1', '2'] },
      headers: { 'Content-Type': 'application/json', 'X-Forwarded-Proto': 'http', 'X-Forwarded-Port': `${app.port}` },
      requestContext: { identity: { sourceIp: '127.0.0.1' }, stage: '$default' },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
    await app.request({ ...json({ a: 1 }), target: '/v2/x?a=1&a=2' });
    expect(app.lambda.last().event).toMatchObject({
      version: '2.0',
      rawPath: '/v2/x',
      rawQueryString: 'a=1&a=2',
      requestContext: { http: { method: 'POST', path: '/v2/x', sourceIp: '127.0.0.1' } },
      body: '{"a":1}',
    });
  });

  test('`trust proxy` decides whose word about the client counts', async () => {
    const headers: [string, string][] = [
      ['X-Forwarded-For', '203.0.113.9'],
      ['X-Forwarded-Proto', 'https'],
      ['X-Forwarded-Port', '8443'],
    ];
    await app.request({ target: '/v1', headers });
    expect(app.lambda.last().event).toMatchObject({
      headers: { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Port': '8443' },
      requestContext: { identity: { sourceIp: '203.0.113.9' } },
    });
  });

  test.each(['/v1', '/v2'])('status, headers, cookies and a binary body of the answer: %s', async (target) => {
    const bytes = Buffer.from([0, 255, 1, 254]);
    app.lambda.respondWith({
      result: {
        statusCode: 201,
        headers: { 'Content-Type': 'image/x-own', 'X-Own': 'yes' },
        cookies: ['a=1', 'b=2'],
        body: bytes.toString('base64'),
        isBase64Encoded: true,
      },
    });
    const response = await app.request({ target });
    expect([response.statusCode, response.all('content-type'), response.all('x-own')]).toEqual([
      201,
      ['image/x-own'],
      ['yes'],
    ]);
    expect(response.all('set-cookie')).toEqual(['a=1', 'b=2']);
    expect(response.body).toEqual(bytes);
  });

  describe('bodies', () => {
    const form: [string, string][] = [['Content-Type', 'application/x-www-form-urlencoded']];
    const plain: [string, string][] = [['Content-Type', 'text/plain']];
    const octets: [string, string][] = [['Content-Type', 'application/octet-stream']];
    const bytes = Buffer.from([0, 1, 2, 255]);

    test.each([
      ['/json', json({ a: [1, 'ä'] }), { body: '{"a":[1,"ä"]}', isBase64Encoded: false }],
      ['/form', { headers: form, body: 'a=1&b=2&b=3' }, { body: 'a=1&b=2&b=3', isBase64Encoded: false }],
      ['/text', { headers: plain, body: 'grüß' }, { body: 'grüß', isBase64Encoded: false }],
      ['/raw', { headers: octets, body: bytes }, { body: bytes.toString('base64'), isBase64Encoded: true }],
      ['/v1', { headers: octets, body: bytes }, { body: bytes.toString('base64'), isBase64Encoded: true }],
      // Parsers that are not for this type leave the bytes where they are.
      ['/all-parsers', { headers: plain, body: 'as it is' }, { body: 'as it is', isBase64Encoded: false }],
      ['/all-parsers', {}, { body: null, isBase64Encoded: false }],
    ])('%s takes %p as %p', async (target, parts, expected) => {
      const response = await app.request({ method: 'POST', ...parts, target });
      expect([response.statusCode, app.log]).toEqual([200, []]);
      expect(app.lambda.last().event).toMatchObject(expected);
    });

    test('what a parser inflated is not announced as compressed', async () => {
      const headers: [string, string][] = [
        ['Content-Type', 'application/json'],
        ['Content-Encoding', 'gzip'],
      ];
      await app.request({ method: 'POST', target: '/json', headers, body: gzipSync('{"a":1}') });
      const { event } = app.lambda.last();
      expect([event.body, event.multiValueHeaders['Content-Encoding']]).toEqual(['{"a":1}', undefined]);
    });

    test('larger than Lambda takes: 413 before it is read', async () => {
      const headers: [string, string][] = [['Content-Length', '7000000']];
      const client = await RawClient.connect(app);
      await client.send(buildRequest({ method: 'POST', target: '/v1', headers, keepAlive: true }));
      expect((await client.read()).statusCode).toBe(413);
      client.destroy();
      expect(app.lambda.invocations).toHaveLength(0);
    });
  });

  describe('middleware around it', () => {
    test('what wraps write and end sees the whole answer', async () => {
      app.lambda.respondWith({ result: { body: 'a small answer' } });
      expect((await app.request({ target: '/upper' })).body.toString()).toBe('A SMALL ANSWER');
    });

    test('what wraps write sees a stream', async () => {
      app.lambda.respondWith(streamedResponse({ statusCode: 200 }, 'one ', 'two'));
      expect((await app.request({ target: '/upper-stream' })).body.toString()).toBe('ONE TWO');
    });

    test('an answer that was sent before stays, and no function runs', async () => {
      const response = await app.request({ target: '/late' });
      expect([response.statusCode, response.body.toString()]).toEqual([200, 'answered before']);
      expect(await logged(app, /was not asked/)).toMatch(/^error: lambda-proxy/);
      expect(app.lambda.invocations).toHaveLength(0);
    });

    test('middleware that goes on twice runs the function once', async () => {
      expect((await app.request({ target: '/twice' })).statusCode).toBe(200);
      expect(await logged(app, /asked twice/)).toMatch(/^error: lambda-proxy/);
      expect(app.lambda.invocations).toHaveLength(1);
    });

    test('`res.locals.lambda` is the event of a custom integration, and part of the context otherwise', async () => {
      await app.request({ target: '/locals/custom' });
      expect(app.lambda.last().event).toEqual({ tenant: 'blue' });
      await app.request({ target: '/locals/context' });
      expect(app.lambda.last().event.requestContext).toMatchObject({ tenant: 'blue' });
      await app.request({ target: '/custom?a=1' });
      expect(app.lambda.last().event).toMatchObject({ method: 'GET', path: '/custom?a=1' });
    });
  });

  describe('the caller', () => {
    const known = { principalId: '7', type: 'user', username: 'ann', email: 'ann@example.com' };

    test.each([
      ['/user/record', { ...known, integrationLatency: 0 }],
      ['/user-2', { lambda: known }],
      ['/user/token', { principalId: 'someone', claims: { sub: 'someone', iat: '1', scope: 'read write' } }],
      ['/v1', undefined],
    ])('%s: %p', async (target, authorizer) => {
      await app.request({ target });
      const { requestContext } = app.lambda.last().event;
      expect(requestContext.authorizer).toEqual(authorizer);
      expect(JSON.stringify(requestContext)).not.toContain('secret');
    });
  });

  test.each([
    ['/id/text', /^id-of-the-app$/],
    ['/id/number', /^12$/],
    ['/id/unsafe', /^[\da-f-]{36}$/],
    ['/v1', /^[\da-f-]{36}$/],
  ])('the request id of %s is %p, in the event and on the answer', async (target, pattern) => {
    const response = await app.request({ target });
    const { requestId } = app.lambda.last().event.requestContext;
    expect(requestId).toMatch(pattern);
    expect(response.all('x-amzn-requestid')).toEqual([requestId]);
  });

  describe('streams', () => {
    test('pieces arrive while the function still writes', async () => {
      let goOn: () => void = () => undefined;
      const wait = new Promise<void>((resolve) => (goOn = resolve));
      const { stream } = streamedResponse({ statusCode: 200, headers: { 'Content-Type': 'text/plain' } }, 'first');
      app.lambda.respondWith({ stream: [...stream.slice(0, -1), { wait }, { chunk: 'second' }, { complete: {} }] });
      const client = await RawClient.connect(app);
      await client.send(buildRequest({ target: '/stream' }));
      while (!client.received.includes('first')) await client.readBytes(client.received.length + 1);
      expect(client.received.toString()).not.toContain('second');
      goOn();
      expect((await client.read()).body.toString()).toBe('firstsecond');
    });

    test('header values that are not ASCII go out as they do without a stream', async () => {
      const headers = { 'X-Own': 'ä' };
      app.lambda.respondWith(streamedResponse({ statusCode: 200, headers }, 'body'));
      const streamed = await app.request({ target: '/stream' });
      app.lambda.respondWith({ result: { statusCode: 200, headers, body: 'body' } });
      const whole = await app.request({ target: '/v1' });
      expect([streamed.all('x-own'), whole.all('x-own')]).toEqual([['ä'], ['ä']]);
    });

    test('one that fails on the way ends with a broken connection', async () => {
      const { stream } = streamedResponse({ statusCode: 200 }, 'first');
      const failure = { complete: { ErrorCode: 'Runtime.ExitError', ErrorDetails: 'gone' } };
      app.lambda.respondWith({ stream: [...stream.slice(0, -1), failure] });
      const client = await RawClient.connect(app);
      await client.send(buildRequest({ target: '/stream' }));
      expect((await client.read()).complete).toBe(false);
      await logged(app, /^error: lambda-proxy FUNCTION_ERROR /);
    });
  });

  describe('failures never reach the error handlers of the app', () => {
    test.each([
      ['/v1', { result: {}, functionError: 'Unhandled' }, 500, 'error: lambda-proxy FUNCTION_ERROR'],
      ['/v1', { result: 'no object' }, 502, 'error: lambda-proxy MALFORMED_RESULT'],
      ['/v2', { apiError: { name: 'TooManyRequestsException', status: 429 } }, 503, 'error: lambda-proxy THROTTLED'],
      ['/v1', { fault: 'reset-after-request' }, 500, 'error: lambda-proxy UPSTREAM_UNAVAILABLE'],
      ['/slow', { fault: 'hang' }, 504, 'error: lambda-proxy TIMEOUT'],
    ] as const)('%s, %p: %d', async (target, script, status, line) => {
      app.lambda.respondWith(script);
      const response = await app.request({ target });
      expect(response.statusCode).toBe(status);
      expect(JSON.parse(response.body.toString())).toEqual({ message: expect.any(String) });
      expect(app.log).toEqual([expect.stringMatching(`^${line} `)]);
    });

    test('a client that leaves ends the call', async () => {
      app.lambda.respondWith({ fault: 'hang' });
      const client = await RawClient.connect(app);
      await client.send(buildRequest({ target: '/v1' }));
      const invocation = await app.lambda.waitFor(1);
      client.destroy();
      expect(await invocation.finished).toBe('aborted');
      expect(await logged(app, /CLIENT_CLOSED/)).toMatch(/^warn: .*status=499/);
    });
  });

  test('all middleware of an app shares its connections', async () => {
    const agent = new http.Agent({ keepAlive: true });
    const get = (path: string) =>
      new Promise((resolve, reject) => {
        const request = http.get({ port: app.port, path, agent, host: '127.0.0.1' }, (response) => {
          response.resume().once('end', resolve);
        });
        request.once('error', reject);
      });
    await get('/v1');
    const [first] = app.lambda.invocations;
    for (const path of ['/v2', '/user', '/v1']) await get(path);
    agent.destroy();
    expect(app.lambda.invocations.map(({ connection }) => connection)).toEqual(Array(4).fill(first?.connection));
  });
});
