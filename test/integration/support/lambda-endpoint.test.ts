import {
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  type InvokeWithResponseStreamResponseEvent,
} from '@aws-sdk/client-lambda';
import {
  type LambdaEndpoint,
  type LambdaScriptSource,
  startLambdaEndpoint,
  streamedResponse,
  unusedPort,
} from '../../support/lambda-endpoint';
import { eventually } from '../../support/eventually';
import { rawRequest } from '../../support/raw-client';

const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };

describe('the Lambda endpoint', () => {
  let endpoint: LambdaEndpoint;
  let client: LambdaClient;
  beforeEach(async () => {
    endpoint = await startLambdaEndpoint();
    client = new LambdaClient({ endpoint: endpoint.url, region: 'eu-central-1', credentials, maxAttempts: 1 });
  });
  afterEach(async () => {
    client.destroy();
    await endpoint.close();
  });

  const invoke = (payload: object = {}) =>
    client.send(new InvokeCommand({ FunctionName: 'my-fn', Qualifier: 'live', Payload: JSON.stringify(payload) }));
  const stream = async (): Promise<InvokeWithResponseStreamResponseEvent[]> => {
    const answer = await client.send(new InvokeWithResponseStreamCommand({ FunctionName: 'my-fn' }));
    const events: InvokeWithResponseStreamResponseEvent[] = [];
    for await (const event of answer.EventStream!) {
      events.push(event);
    }
    return events;
  };

  test('records an invocation and answers as Lambda does', async () => {
    endpoint.respondWith({ result: { a: 1 }, functionError: 'Unhandled', logResult: 'tail', executedVersion: '7' });
    const answer = await invoke({ b: 2 });
    expect(answer.Payload!.transformToString()).toBe('{"a":1}');
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled', ExecutedVersion: '7' });
    expect(answer.LogResult).toBe(Buffer.from('tail').toString('base64'));
    expect(endpoint.last()).toMatchObject({ functionName: 'my-fn', qualifier: 'live', event: { b: 2 } });
    expect(endpoint.last()).toMatchObject({ method: 'POST', path: '/2015-03-31/functions/my-fn/invocations' });
    expect(await endpoint.last().finished).toBe('answered');
  });

  test('counts connections and ends them', async () => {
    await invoke();
    await invoke();
    expect([endpoint.totalConnections, endpoint.connections()]).toEqual([1, 1]);
    await endpoint.endConnections();
    expect(endpoint.connections()).toBe(0);
    await invoke();
    expect([endpoint.totalConnections, endpoint.connections()]).toEqual([2, 1]);
  });

  test('a script may look at the invocation', async () => {
    endpoint.respondWith(({ event }) => ({ payload: `"${String(event.name)}"` }));
    expect((await invoke({ name: 'x' })).Payload!.transformToString()).toBe('"x"');
    endpoint.reset();
    expect((await invoke()).Payload!.transformToString()).toBe('{"statusCode":200,"body":"ok"}');
    expect(endpoint.invocations).toHaveLength(1);
  });

  test('refuses with errors of the API', async () => {
    const apiError = { name: 'TooManyRequestsException', status: 429, fields: { Reason: 'CallerRateLimitExceeded' } };
    endpoint.respondWith({ apiError: { ...apiError, message: 'slow', headers: { 'retry-after': '3' } } });
    const expected = { name: 'TooManyRequestsException', message: 'slow', Reason: 'CallerRateLimitExceeded' };
    await expect(invoke()).rejects.toMatchObject({ ...expected, retryAfterSeconds: '3' });
    endpoint.respondWith({ http: { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad</h1>' } });
    await expect(invoke()).rejects.toMatchObject({ $metadata: { httpStatusCode: 502 } });
  });

  test.each([
    ['reset-before-request', 'ECONNRESET'],
    ['reset-after-request', 'ECONNRESET'],
    ['reset-mid-answer', 'ECONNRESET'],
    ['truncated', 'ECONNRESET'],
    ['closed', 'ECONNRESET'],
    ['garbage', 'HPE_INVALID_CONSTANT'],
  ] as const)('fails on the wire: %s', async (fault, code) => {
    endpoint.respondWith({ fault });
    await expect(invoke()).rejects.toMatchObject({ code });
    expect(endpoint.invocations).toHaveLength(1);
    expect(await endpoint.last().finished).toBe('aborted');
  });

  test('a connection closed after the answer', async () => {
    endpoint.respondWith({ result: 1, thenClose: true });
    await invoke();
    await eventually(() => endpoint.connections() === 0);
  });

  test('hangs until the caller gives up', async () => {
    endpoint.respondWith({ fault: 'hang' });
    const abort = new AbortController();
    const call = client.send(new InvokeCommand({ FunctionName: 'f' }), { abortSignal: abort.signal });
    await endpoint.waitFor(1);
    abort.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(await endpoint.last().finished).toBe('aborted');
  });

  test('holds back and delays', async () => {
    let release: () => void = () => undefined;
    const when = new Promise<void>((resolve) => (release = resolve));
    endpoint.respondWith({ result: 1, when, delayMs: 30 });
    const begin = performance.now();
    const call = invoke();
    await endpoint.waitFor(1);
    release();
    await call;
    expect(performance.now() - begin).toBeGreaterThan(28);
  });

  test('streams', async () => {
    endpoint.respondWith(streamedResponse({ statusCode: 201 }, 'he', Buffer.from('llo')));
    const [prelude, ...rest] = await stream();
    expect(Buffer.from(prelude!.PayloadChunk!.Payload!).toString()).toBe(`{"statusCode":201}${'\0'.repeat(8)}`);
    expect(rest.map((event) => Buffer.from(event.PayloadChunk?.Payload ?? []).toString())).toEqual(['he', 'llo', '']);
    expect(rest.at(-1)).toHaveProperty('InvokeComplete');
    expect(endpoint.last().streaming).toBe(true);
  });

  test.each<[string, LambdaScriptSource, object]>([
    ['late reset', { stream: [{ chunk: 'a' }, { pauseMs: 20 }, { then: 'reset' }] }, { code: 'ECONNRESET' }],
    ['late end', { stream: [{ chunk: 'a' }, { pauseMs: 20 }, { then: 'end' }] }, { code: 'ECONNRESET' }],
    [
      'exception',
      { stream: [{ exception: { name: 'ServiceException', message: 'm' } }] },
      { name: 'ServiceException' },
    ],
  ])('streams with a %s', async (_name, script, error) => {
    endpoint.respondWith(script);
    await expect(stream()).rejects.toMatchObject(error);
  });

  test('reports a late error of the function', async () => {
    endpoint.respondWith({ stream: [{ chunk: 'a' }, { complete: { ErrorCode: 'Unhandled', ErrorDetails: '{}' } }] });
    expect((await stream()).at(-1)).toEqual({ InvokeComplete: { ErrorCode: 'Unhandled', ErrorDetails: '{}' } });
  });

  test('is a function URL, too', async () => {
    const body = [{ bytes: 'a' }, { pauseMs: 5 }, { bytes: 'b' }];
    const headers: [string, string][] = [
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ];
    endpoint.respondWith({ http: { status: 203, statusMessage: 'Fine', headers, body } });
    const answer = await rawRequest(endpoint, { target: '/any?x=1' });
    expect(answer).toMatchObject({ statusCode: 203, statusMessage: 'Fine', complete: true, body: Buffer.from('ab') });
    expect(answer.all('set-cookie')).toEqual(['a=1', 'b=2']);
    expect(endpoint.last()).toMatchObject({ functionName: undefined, url: '/any?x=1' });
  });

  test('knows a port that refuses', async () => {
    await expect(rawRequest({ port: await unusedPort() })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
