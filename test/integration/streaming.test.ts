import http from 'node:http';
import { loggedLine } from '../support/eventually';
import { type FrameStep, type LambdaScript, streamedResponse } from '../support/lambda-endpoint';
import { buildRequest, RawClient } from '../support/raw-client';
import { type Stack, startStack } from '../support/stack';

const NUL8 = '\0'.repeat(8);

let stack: Stack;

beforeAll(async () => {
  const action = { invokeMode: 'RESPONSE_STREAM' };
  stack = await startStack({
    v1: { action },
    v2: { action: { ...action, payloadFormatVersion: '2.0' } },
    custom: { action: { ...action, useCustomIntegration: true } },
    hurried: { action: { ...action, timeout: 300 } },
    unhurried: { action: { ...action, timeout: 5_000 } },
    idle: { action: { ...action, streamIdleTimeout: 300 } },
    tail: { action: { ...action, logType: 'Tail' } },
    dry: { action: { ...action, invocationType: 'DryRun' } },
    buffered: {},
    added: {
      action,
      before: [{ 'response-transformer': { action: { headers: { add: { 'x-added': "'yes'" } } } } }],
    },
  });
});
beforeEach(() => {
  stack.lambda.reset();
});
afterAll(() => stack.close());

const stream = (...steps: FrameStep[]): LambdaScript => ({ stream: steps });
const chunk = (text: string): FrameStep => ({ chunk: text });
const complete: FrameStep = { complete: {} };

async function answer(script: LambdaScript, { target = '/v1', method = 'GET' } = {}) {
  stack.lambda.respondWith(script);
  return stack.request({ method, target });
}

/** A promise and the function that keeps it: what a test waits for instead of time. */
function signal() {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}

describe('metadata', () => {
  test.each(['/v1', '/v2'])('status, headers, lists and cookies: %s', async (target) => {
    const metadata = {
      statusCode: 201,
      headers: { 'Content-Type': 'text/css', 'X-A': 'a' },
      multiValueHeaders: { 'X-M': ['1', '2'], 'x-a': ['a'] },
      cookies: ['c=1', 'd=2'],
    };
    const response = await answer(streamedResponse(metadata, 'first ', 'second'), { target });
    expect(response.statusCode).toBe(201);
    expect(response.all('content-type')).toEqual(['text/css']);
    expect(response.all('x-m')).toEqual(['1', '2']);
    expect(response.all('x-a')).toEqual(['a']);
    expect(response.all('set-cookie')).toEqual(['c=1', 'd=2']);
    expect(response.all('transfer-encoding')).toEqual(['chunked']);
    expect(response.all('content-length')).toEqual([]);
    expect(response.all('x-amzn-requestid')).toEqual([stack.lambda.last().event.requestContext.requestId]);
    expect([response.body.toString(), response.complete]).toEqual(['first second', true]);
  });

  test('its type is not guessed: the head does not wait for a body', async () => {
    const response = await answer(streamedResponse({}, '{"a":1}'));
    expect(response.all('content-type')).toEqual(['application/octet-stream']);
  });

  test('events are not to be buffered on their way', async () => {
    const response = await answer(
      streamedResponse({ headers: { 'content-type': 'text/event-stream; charset=utf-8' } }, 'data: 1\n\n'),
    );
    expect(response.all('x-accel-buffering')).toEqual(['no']);
  });

  test.each([
    ['not JSON', `{"statusCode":200,}${NUL8}x`],
    ['another notation', `status=200${NUL8}x`],
    ['an impossible status', `{"statusCode":99}${NUL8}x`],
    ['a header that HTTP does not allow', `{"headers":{"X-A":"a\\r\\nX-Evil: 1"}}${NUL8}x`],
    ['more than 16 KB', `{"headers":{"x-a":"${'a'.repeat(17_000)}"}}${NUL8}x`],
  ])('%s makes the result malformed', async (_name, text) => {
    expect((await answer(stream(chunk(text), complete))).statusCode).toBe(502);
    expect((await answer(stream(chunk(text), complete), { target: '/v2' })).statusCode).toBe(500);
  });
});

describe('without metadata', () => {
  test.each([
    ['text', ['hello ', 'world'], 'text/plain; charset=utf-8'],
    ['JSON lines', ['{"a":1}\n', '{"a":2}\n'], 'text/plain; charset=utf-8'],
    ['JSON in one piece', ['{"a":1}'], 'application/json'],
    ['nothing', [], undefined],
  ])('the stream is the body, status 200: %s', async (_name, chunks, type) => {
    const response = await answer(stream(...chunks.map(chunk), complete));
    expect([response.statusCode, response.body.toString()]).toEqual([200, chunks.join('')]);
    expect(response.all('content-type')[0]).toBe(type);
  });

  test('bytes with NULs in them arrive as they are', async () => {
    const bytes = Buffer.from([254, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 255]);
    const response = await answer(stream({ chunk: bytes }, complete));
    expect(response.body.equals(bytes)).toBe(true);
    expect(response.all('content-type')).toEqual(['application/octet-stream']);
  });

  test('a function that does not stream is answered as in buffered mode', async () => {
    const result = { statusCode: 202, headers: { 'X-A': 'a' }, body: 'aGk=', isBase64Encoded: true };
    const response = await answer(stream(chunk(JSON.stringify(result)), complete));
    expect([response.statusCode, response.all('x-a'), response.body.toString()]).toEqual([202, ['a'], 'hi']);
    expect(response.all('content-length')).toEqual(['2']);
  });

  test('a custom integration hands everything on', async () => {
    const text = `{"statusCode":404}${NUL8}x`;
    const response = await answer(stream(chunk(text), complete), { target: '/custom' });
    expect([response.statusCode, response.body.toString('latin1')]).toEqual([200, text]);
  });
});

describe('flow', () => {
  test('head and pieces reach the client as they come', async () => {
    const [body, end] = [signal(), signal()];
    stack.lambda.respondWith(
      stream(chunk(`{}${NUL8}`), { wait: body.given }, chunk('one'), { wait: end.given }, chunk('two'), complete),
    );
    const client = await RawClient.connect(stack.gateway);
    await client.send(buildRequest({ target: '/v1' }));
    const head = await client.readBytes(20);
    expect(head.toString()).toMatch(/^HTTP\/1\.1 200 OK/);
    body.give();
    expect(await client.readUntil('one')).not.toContain('two');
    end.give();
    const response = await client.read();
    expect([response.body.toString(), response.complete]).toEqual(['onetwo', true]);
    client.destroy();
  });

  test('JSON lines do not wait for the second line', async () => {
    const end = signal();
    stack.lambda.respondWith(stream(chunk('{"line":1}\n'), { wait: end.given }, chunk('{"line":2}\n'), complete));
    const client = await RawClient.connect(stack.gateway);
    await client.send(buildRequest({ target: '/v1' }));
    await client.readUntil('{"line":1}');
    end.give();
    expect((await client.read()).body.toString()).toBe('{"line":1}\n{"line":2}\n');
    client.destroy();
  });

  test('a client that does not read stops the stream, and gets all of it later', async () => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    const total = 2048 * piece.length; // 128 MB: two connections may buffer some tens of them
    let sent = 0;
    // The endpoint looks at a step when it comes to it, which it does not while its connection takes no more.
    const counted = (): FrameStep => ({
      get pauseMs() {
        sent += piece.length;
        return 0;
      },
    });
    const steps = Array.from({ length: 2048 }, (): readonly FrameStep[] => [counted(), { chunk: piece }]).flat();
    stack.lambda.respondWith(stream(...steps, complete));

    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get(`${stack.gateway.url}/v1`, resolve).once('error', reject);
    });
    // Not read yet. What is on its way fills the sockets' buffers, and then nothing moves.
    for (let before = -1; sent !== before;) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(sent).toBeLessThan(total);
    let received = 0;
    for await (const bytes of response) received += (bytes as Buffer).length;
    expect([received, response.complete]).toEqual([total, true]);
  });

  test('policies of the host still add their headers', async () => {
    const response = await answer(streamedResponse({ statusCode: 200 }, 'x'), { target: '/added' });
    const works = Number(process.versions.node.split('.', 1)[0]) < 24; // the host's own limit
    expect([response.all('x-added'), response.body.toString()]).toEqual([works ? ['yes'] : [], 'x']);
  });

  test.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('no body for %s %d, and the rest of the stream is not asked for', async (method, statusCode) => {
    const steps = [
      chunk(`${JSON.stringify({ statusCode, headers: { 'X-A': 'a' } })}${NUL8}never`),
      { then: 'hang' } as const,
    ];
    const response = await answer(stream(...steps), { method });
    expect([response.statusCode, response.all('x-a'), response.body.length]).toEqual([statusCode, ['a'], 0]);
    expect(await stack.lambda.last().finished).toBe('aborted');
  });

  test('a length of the function is kept when it holds', async () => {
    const response = await answer(streamedResponse({ headers: { 'Content-Length': '6' } }, 'abc', 'def'));
    expect([response.all('content-length'), response.body.toString(), response.complete]).toEqual([
      ['6'],
      'abcdef',
      true,
    ]);
  });

  test.each(['4', '9'])('an answer whose length does not hold is broken off: %s', async (length) => {
    const logged = stack.gateway.log.length;
    const response = await answer(streamedResponse({ headers: { 'Content-Length': length } }, 'abc', 'def'));
    expect(response.body.length === Number(length) && response.complete).toBe(false);
    expect(await loggedLine(stack.gateway.log, logged)).toMatch(/MALFORMED_RESULT .*phase="stream"/);
  });
});

describe('ends', () => {
  const failures: readonly (readonly [name: string, end: readonly FrameStep[], code: RegExp])[] = [
    [
      'an error of the function',
      [{ complete: { ErrorCode: 'Unhandled', ErrorDetails: 'secret' } }],
      /FUNCTION_ERROR .*secret/,
    ],
    ['no end', [], /UPSTREAM_UNAVAILABLE/],
    ['a lost connection', [{ then: 'reset' }], /UPSTREAM_UNAVAILABLE/],
    [
      'an exception of Lambda',
      [{ exception: { name: 'ServiceException', message: 'secret' } }],
      /INVOKE_REFUSED|UPSTREAM_UNAVAILABLE/,
    ],
    ['bytes that are no frames', [{ bytes: 'garbage that is no frame at all' }], /UPSTREAM_UNAVAILABLE/],
  ];

  test.each(failures)('before the head, %s gets an error answer', async (_name, end, code) => {
    const logged = stack.gateway.log.length;
    const response = await answer(stream(...end));
    expect([response.statusCode, response.body.toString()]).toEqual([500, '{"message": "Internal server error"}']);
    expect(await loggedLine(stack.gateway.log, logged)).toMatch(code);
    expect(stack.lambda.invocations).toHaveLength(1);
  });

  test.each(failures)('after the head, %s breaks the answer off', async (_name, end, code) => {
    const logged = stack.gateway.log.length;
    const seen = signal();
    stack.lambda.respondWith(stream(chunk(`{}${NUL8}begun`), { wait: seen.given }, ...end));
    const client = await RawClient.connect(stack.gateway);
    await client.send(buildRequest({ target: '/v1' }));
    await client.readUntil('begun');
    seen.give();
    const response = await client.read();
    expect([response.statusCode, response.body.toString(), response.complete]).toEqual([200, 'begun', false]);
    expect(await loggedLine(stack.gateway.log, logged)).toMatch(code);
    expect(await loggedLine(stack.gateway.log, logged)).toMatch(/phase="stream"/);
  });

  test('timeout counts until the head', async () => {
    expect((await answer({ fault: 'hang' }, { target: '/hurried' })).statusCode).toBe(504);
    expect((await answer(stream({ then: 'hang' }), { target: '/hurried' })).statusCode).toBe(504);
    const late = stream(chunk(`{}${NUL8}on `), { pauseMs: 5_500 }, chunk('time'), complete);
    expect((await answer(late, { target: '/unhurried' })).body.toString()).toBe('on time');
  });

  test('a stream that is silent for too long is broken off', async () => {
    const logged = stack.gateway.log.length;
    const response = await answer(stream(chunk(`{}${NUL8}begun`), { then: 'hang' }), { target: '/idle' });
    expect([response.body.toString(), response.complete]).toEqual(['begun', false]);
    expect(await loggedLine(stack.gateway.log, logged)).toMatch(/TIMEOUT .*silent for 300 ms/);
    expect(await stack.lambda.last().finished).toBe('aborted');
  });

  test('a client that leaves frees the connection', async () => {
    stack.lambda.respondWith(stream(chunk(`{}${NUL8}begun`), { then: 'hang' }));
    const logged = stack.gateway.log.length;
    const client = await RawClient.connect(stack.gateway);
    await client.send(buildRequest({ target: '/v1' }));
    const invocation = await stack.lambda.waitFor(1);
    await client.readBytes(20);
    client.destroy();
    expect(await invocation.finished).toBe('aborted');
    expect(await loggedLine(stack.gateway.log, logged)).toMatch(/CLIENT_CLOSED status=499 .*phase="stream"/);
  });

  test('the log tail goes to the log', async () => {
    const script = stream(chunk(`{}${NUL8}x`), {
      complete: { LogResult: Buffer.from('what it printed').toString('base64') },
    });
    await answer(script, { target: '/tail' });
    expect(stack.lambda.last().headers['x-amz-log-type']).toBe('Tail');
    expect(stack.gateway.log.join('\n')).toContain('what it printed');
  });

  test('what Lambda refuses is answered as in buffered mode', async () => {
    const refused = await answer({ apiError: { name: 'TooManyRequestsException', status: 429 } });
    expect([refused.statusCode, refused.all('retry-after')]).toEqual([503, ['1']]);
  });
});

test('the event is that of buffered mode', async () => {
  const target = (route: string) => `/${route}/a%20b?c=1&c=2`;
  await answer(stream(complete), { target: target('v1') });
  const streamed = stack.lambda.last();
  expect([streamed.streaming, streamed.functionName]).toEqual([true, 'v1']);
  await answer({ result: {} }, { target: target('buffered') });
  const keys = (event: object) =>
    JSON.stringify(event)
      .replace(/"(?:v1|buffered)"|\/(?:v1|buffered)\b/g, '')
      .replace(
        /"(?:requestId|extendedRequestId|requestTimeEpoch|requestTime|X-Amzn-Trace-Id)":(?:"[^"]*"|\["[^"]*"\]|\d+)/g,
        '',
      );
  expect(keys(streamed.event).replace(/Root=[^"]*/g, '')).toBe(
    keys(stack.lambda.last().event).replace(/Root=[^"]*/g, ''),
  );
});

test('DryRun streams nothing', async () => {
  const response = await answer({ http: { status: 204 } }, { target: '/dry' });
  expect([response.statusCode, response.body.length]).toEqual([204, 0]);
});
