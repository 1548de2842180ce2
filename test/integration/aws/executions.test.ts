import { LambdaProxyError } from '../../../src/errors/lambda-proxy-error';
import { type LambdaEndpoint, type LambdaScript, startLambdaEndpoint, unusedPort } from '../../support/lambda-endpoint';
import { buildRequest, RawClient } from '../../support/raw-client';
import { type Stack, startStack } from '../../support/stack';
import { call, connect } from './support';

/** What the endpoint does, and what may come of it: code, and attempts with `maxAttempts` 1 and 3. */
interface Row {
  readonly script: LambdaScript;
  readonly code: string;
  readonly attempts: readonly [once: number, thrice: number];
  readonly phase: string;
}

const apiError = (name: string, status: number): LambdaScript => ({ apiError: { name, status } });

const rows: Readonly<Record<string, Row>> = {
  'a reset before the request was read': {
    script: { fault: 'reset-before-request' },
    code: 'UPSTREAM_UNAVAILABLE',
    attempts: [1, 1],
    phase: 'invoke',
  },
  'a reset after the request was read': {
    script: { fault: 'reset-after-request' },
    code: 'UPSTREAM_UNAVAILABLE',
    attempts: [1, 1],
    phase: 'invoke',
  },
  'an end without an answer': {
    script: { fault: 'closed' },
    code: 'UPSTREAM_UNAVAILABLE',
    attempts: [1, 1],
    phase: 'invoke',
  },
  'a throttled call': {
    script: apiError('TooManyRequestsException', 429),
    code: 'THROTTLED',
    attempts: [1, 3],
    phase: 'body',
  },
  'a service error': {
    script: apiError('ServiceException', 500),
    code: 'INVOKE_REFUSED',
    attempts: [1, 1],
    phase: 'body',
  },
  'a bad gateway': {
    script: { http: { status: 502, body: '<h1>Bad Gateway</h1>' } },
    code: 'UPSTREAM_UNAVAILABLE',
    attempts: [1, 1],
    phase: 'body',
  },
  'a truncated answer': {
    script: { fault: 'truncated' },
    code: 'UPSTREAM_UNAVAILABLE',
    attempts: [1, 1],
    phase: 'body',
  },
  'a reset within the answer': {
    script: { fault: 'reset-mid-answer' },
    code: 'UPSTREAM_UNAVAILABLE',
    attempts: [1, 1],
    phase: 'body',
  },
  'an answer that is not HTTP': {
    script: { fault: 'garbage' },
    code: 'UPSTREAM_UNAVAILABLE',
    attempts: [1, 1],
    phase: 'invoke',
  },
};

let lambda: LambdaEndpoint;
beforeAll(async () => {
  lambda = await startLambdaEndpoint();
});
beforeEach(() => {
  lambda.reset();
});
afterAll(() => lambda.close());

describe.each([
  [1, 0],
  [3, 1],
])('with maxAttempts %d', (maxAttempts, column) => {
  test.each(Object.entries(rows))('%s', async (_name, row) => {
    lambda.respondWith(row.script);
    const outcome = await call(connect({ endpoint: lambda.url, maxAttempts }));
    expect(outcome.error?.code).toBe(row.code);
    expect(lambda.invocations).toHaveLength(row.attempts[column]!);
    expect(outcome).toMatchObject({ attempts: row.attempts[column], phase: row.phase });
  });

  test.each(Object.entries(rows))('%s, over a connection that is reused', async (_name, row) => {
    const connection = connect({ endpoint: lambda.url, maxAttempts });
    await call(connection);
    lambda.reset();
    lambda.respondWith(row.script);
    await call(connection);
    expect(lambda.invocations).toHaveLength(row.attempts[column]!);
  });

  test('a refused connection', async () => {
    const outcome = await call(connect({ endpoint: `http://127.0.0.1:${await unusedPort()}`, maxAttempts }));
    expect(outcome.error?.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(outcome).toMatchObject({ attempts: maxAttempts, phase: 'connect' });
  });

  test('a name that cannot be resolved', async () => {
    const outcome = await call(connect({ endpoint: 'http://lambda.invalid', maxAttempts }));
    expect(outcome.error?.message).toContain('region, endpoint');
    expect(outcome).toMatchObject({ attempts: maxAttempts, phase: 'connect' });
  });

  test('a deadline', async () => {
    lambda.respondWith({ fault: 'hang' });
    const controller = new AbortController();
    const timeout = new LambdaProxyError('TIMEOUT', 'too late');
    const outcome = call(connect({ endpoint: lambda.url, maxAttempts }), {}, controller.signal);
    const arrived = await lambda.waitFor(1);
    controller.abort(timeout);
    expect((await outcome).error).toBe(timeout);
    expect(await arrived.finished).toBe('aborted');
    expect(lambda.invocations).toHaveLength(1);
  });

  test('a deadline within the body', async () => {
    lambda.respondWith({ http: { status: 200, body: [{ bytes: '{' }, { then: 'hang' }] } });
    const controller = new AbortController();
    const outcome = call(connect({ endpoint: lambda.url, maxAttempts }), {}, controller.signal);
    const arrived = await lambda.waitFor(1);
    controller.abort(new LambdaProxyError('CLIENT_CLOSED', 'gone'));
    expect((await outcome).error?.code).toBe('CLIENT_CLOSED');
    expect(await arrived.finished).toBe('aborted');
    expect(lambda.invocations).toHaveLength(1);
  });
});

test('a throttled call succeeds when Lambda has room again', async () => {
  lambda.respondWith(({ connection }) =>
    connection > 0 && lambda.invocations.length < 3
      ? apiError('TooManyRequestsException', 429)
      : { result: { statusCode: 200 } },
  );
  const outcome = await call(connect({ endpoint: lambda.url, maxAttempts: 5 }));
  expect(JSON.parse(outcome.result!.payload.toString())).toEqual({ statusCode: 200 });
  expect(outcome.attempts).toBe(3);
});

test('a deadline ends the pauses between attempts', async () => {
  lambda.respondWith(apiError('TooManyRequestsException', 429));
  const controller = new AbortController();
  const outcome = call(connect({ endpoint: lambda.url, maxAttempts: 10 }), {}, controller.signal);
  await lambda.waitFor(2);
  controller.abort(new LambdaProxyError('TIMEOUT', 'too late'));
  expect((await outcome).error?.code).toBe('TIMEOUT');
  expect(lambda.invocations.length).toBeLessThan(10);
});

test('a connection that the service closed while it was idle is not used again', async () => {
  const connection = connect({ endpoint: lambda.url });
  await call(connection);
  await lambda.endConnections();
  expect((await call(connection)).result).toBeDefined();
  expect(lambda.invocations).toHaveLength(2);
});

describe.each(['BUFFERED', 'RESPONSE_STREAM'])('through the gateway, maxAttempts 3, %s', (invokeMode) => {
  let stack: Stack;
  beforeAll(async () => {
    const action = { invokeMode, maxAttempts: 3 };
    stack = await startStack({
      tried: { action },
      refused: { action: { ...action, endpoint: `http://127.0.0.1:${await unusedPort()}` } },
      hurried: { action: { ...action, timeout: 3_000 } },
    });
  });
  beforeEach(() => {
    stack.lambda.reset();
  });
  afterAll(() => stack.close());

  const post = (target: string) => stack.request({ method: 'POST', target, body: 'order' });

  test.each(Object.entries(rows))('%s', async (_name, row) => {
    stack.lambda.respondWith(row.script);
    expect((await post('/tried')).statusCode).toBe(row.code === 'THROTTLED' ? 503 : 500);
    expect(stack.lambda.invocations).toHaveLength(row.attempts[1]);
    expect(stack.gateway.log.at(-1)).toMatch(`lambda-proxy ${row.code} `);
    expect(stack.gateway.log.at(-1)).toMatch(`attempts=${row.attempts[1]} `);
  });

  test('a refused connection', async () => {
    expect((await post('/refused')).statusCode).toBe(500);
    expect(stack.gateway.log.at(-1)).toMatch(/UPSTREAM_UNAVAILABLE .*attempts=3 phase="connect"/);
  });

  test('a timeout', async () => {
    stack.lambda.respondWith({ fault: 'hang' });
    expect((await post('/hurried')).statusCode).toBe(504);
    expect(await (await stack.lambda.waitFor(1)).finished).toBe('aborted');
    expect(stack.lambda.invocations).toHaveLength(1);
  });

  test('a client that is gone', async () => {
    stack.lambda.respondWith({ fault: 'hang' });
    const client = await RawClient.connect(stack.gateway);
    await client.send(buildRequest({ method: 'POST', target: '/tried', body: 'order' }));
    const invocation = await stack.lambda.waitFor(1);
    client.destroy();
    expect(await invocation.finished).toBe('aborted');
    // What would be tried again would come before the next request's call is answered.
    stack.lambda.respondWith({ result: { statusCode: 200 } });
    await post('/tried');
    expect(stack.lambda.invocations).toHaveLength(2);
  });
});
