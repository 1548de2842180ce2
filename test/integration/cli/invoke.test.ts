import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type LambdaEndpoint, startLambdaEndpoint, streamedResponse, unusedPort } from '../../support/lambda-endpoint';
import { GatewayFolder, gatewayConfig, startCommand, systemConfig } from './support';

let lambda: LambdaEndpoint;
let gateway: GatewayFolder;
beforeAll(async () => {
  lambda = await startLambdaEndpoint();
  const actions = {
    users: { functionName: 'users-of-all', qualifier: 'live', payloadFormatVersion: '2.0', stage: 'prod' },
    wrong: { functonName: 'x' },
    streaming: { functionName: 'clock', invokeMode: 'RESPONSE_STREAM' },
    custom: { functionName: 'price', useCustomIntegration: true },
    url: { functionUrl: `${lambda.url}/below` },
  };
  const config = JSON.parse(gatewayConfig(actions)) as { apiEndpoints: Record<string, object>; pipelines: object };
  config.apiEndpoints.users = { host: '*', paths: ['/users', '/users/:id', '/users/:id/*'], methods: 'GET' };
  config.apiEndpoints.everything = { host: 'example.com' };
  const steps = [{ 'lambda-proxy': { action: { functionName: 'all' } } }];
  const pipelines = { ...config.pipelines, 'by-pipeline': { apiEndpoints: ['everything'], policies: steps } };
  gateway = new GatewayFolder({
    'system.config.yml': systemConfig({ timeout: 4000 }),
    'gateway.config.yml': JSON.stringify({ ...config, pipelines }),
  });
});
afterEach(() => {
  lambda.reset();
});
afterAll(async () => {
  gateway.remove();
  await lambda.close();
});

async function invoke(args: readonly string[], input?: string) {
  const { code, stdout, stderr } = await gateway.run(['invoke', ...args], {
    env: lambda.env,
    ...(input !== undefined && { input }),
  });
  return { code, stdout, stderr };
}

describe('the name of an apiEndpoint or a pipeline', () => {
  test("takes its policy's settings: function, format, stage; event and answer are shown", async () => {
    lambda.respondWith({ result: { statusCode: 201, headers: { 'X-Made': 'here' }, body: 'done' } });
    const { code, stdout, stderr } = await invoke(['users', '--path', '/users/7/orders%20open?a=1&a=2']);
    expect([code, stderr]).toEqual([0, '']);
    const { functionName, qualifier, event } = lambda.last();
    expect([functionName, qualifier]).toEqual(['users-of-all', 'live']);
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /users/{id}/{proxy+}',
      rawPath: '/users/7/orders%20open',
      rawQueryString: 'a=1&a=2',
      pathParameters: { id: '7', proxy: 'orders open' },
      requestContext: { stage: 'prod' },
    });
    const [place, ...rest] = stdout.split('\n');
    expect(place).toBe('pipeline "users", step 1');
    const [shown = '', answer = ''] = rest.join('\n').split('\n\n201 ');
    expect(JSON.parse(shown)).toEqual(event);
    expect(answer).toMatch(/^Created\n(?:.+\n)*X-Made: here\n(?:.+\n)*\ndone\n$/);
  });

  test('a pipeline by its own name; an endpoint without a path takes every path', async () => {
    await invoke(['by-pipeline', '--path', '/any/where']);
    expect(lambda.last()).toMatchObject({ functionName: 'all', event: { resource: '/{proxy+}', path: '/any/where' } });
    expect(lambda.last().event.requestContext.apiEndpoint).toMatchObject({ apiEndpointName: 'everything' });
  });

  test("without --path it is the endpoint's first literal path", async () => {
    await invoke(['users']);
    expect(lambda.last().event.rawPath).toBe('/users');
  });

  test('the command line beats its settings, one by one', async () => {
    await invoke(['users', '--format', '1.0', '--qualifier', '7']);
    expect(lambda.last()).toMatchObject({
      qualifier: '7',
      event: { httpMethod: 'GET', requestContext: { stage: 'prod' } },
    });
  });

  test('a custom integration: the payload is the body', async () => {
    lambda.respondWith({ result: { price: 7 } });
    const { stdout } = await invoke(['custom', '--event', '-'], '{"order":1}');
    expect(lambda.last().event).toEqual({ order: 1 });
    expect(stdout).toMatch(/\n\{"price":7\}\n$/);
  });

  test('a functionUrl gets the request itself: there is no event', async () => {
    lambda.respondWith({ http: { status: 418, body: 'from the url' } });
    const { code, stdout } = await invoke(['url', '--path', '/url/7', '--data', 'sent']);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^pipeline "url", step 1\n418 (?:.+\n)+\nfrom the url\n$/),
    ]);
    expect(lambda.last()).toMatchObject({ method: 'POST', path: '/below/url/7', body: Buffer.from('sent') });
  });

  test('a response stream is shown as it comes', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { stream } = streamedResponse({ statusCode: 200, headers: { 'Content-Type': 'text/plain' } }, 'first ');
    lambda.respondWith({ stream: [...stream.slice(0, -1), { wait: held }, { chunk: 'second' }, { complete: {} }] });
    const child = startCommand(['invoke', 'streaming'], { cwd: gateway.folder, env: lambda.env });
    let shown = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      if (shown.endsWith('\n\nfirst ')) release();
    });
    await new Promise((resolve) => child.once('close', resolve));
    expect(shown).toMatch(/\n\nfirst second\n$/);
    expect(lambda.last().streaming).toBe(true);
  });
});

describe('a function', () => {
  const here = ['--endpoint', 'URL', '--region', 'eu-west-1'];
  const direct = (args: readonly string[]): readonly string[] =>
    [...args, ...here].map((word) => (word === 'URL' ? lambda.url : word));

  test('by its name, with the default settings', async () => {
    const { stdout } = await invoke(direct(['hello']));
    expect(stdout).toMatch(/^function hello\n/);
    expect(lambda.last()).toMatchObject({
      functionName: 'hello',
      qualifier: undefined,
      event: { httpMethod: 'GET', path: '/', resource: '/{proxy+}' },
    });
  });

  test('function:NAME where an apiEndpoint has the name too', async () => {
    await invoke(direct(['function:users']));
    expect(lambda.last().functionName).toBe('function:users');
  });

  test('outside of any gateway', async () => {
    const { code } = await gateway.run(['invoke', ...direct(['hello'])], { cwd: '/', env: lambda.env });
    expect([code, lambda.last().functionName]).toEqual([0, 'hello']);
  });

  test('--method, --header and --data make the request', async () => {
    const headers = ['--header', 'X-A: 1', '--header', 'x-a: 2', '--header', 'Host: api.example.com'];
    await invoke(
      direct(['hello', '--method', 'PUT', '--data', 'text', ...headers, '--header', 'Content-Type: text/plain']),
    );
    expect(lambda.last().event).toMatchObject({
      httpMethod: 'PUT',
      body: 'text',
      multiValueHeaders: { 'X-A': ['1', '2'], Host: ['api.example.com'] },
    });
  });

  test('--data makes it a POST, and takes a file', async () => {
    const file = path.join(gateway.folder, 'body.bin');
    writeFileSync(file, Buffer.of(0, 255));
    await invoke(direct(['hello', '--data', `@${file}`]));
    expect(lambda.last().event).toMatchObject({ httpMethod: 'POST', body: 'AP8=', isBase64Encoded: true });
  });

  test.each(['1.0', '2.0', 'legacy', 'custom'])('--format %s', async (format) => {
    await invoke(direct(['hello', '--format', format, '--path', '/x?a=1']));
    const keys = { '1.0': 'multiValueHeaders', '2.0': 'rawPath', legacy: 'queryStringParameters', custom: 'method' };
    expect(lambda.last().event).toHaveProperty(keys[format as keyof typeof keys]);
  });

  test('--event sends the file as it stands', async () => {
    const file = path.join(gateway.folder, 'event.json');
    writeFileSync(file, '{"any":["thing"]}');
    await invoke(direct(['hello', '--event', file]));
    expect(lambda.last().event).toEqual({ any: ['thing'] });
  });

  test('--qualifier, --region and --profile reach the call', async () => {
    await invoke(['hello', '--qualifier', '3', '--region', 'us-west-2']);
    expect(lambda.last().qualifier).toBe('3');
    expect(lambda.last().headers.authorization).toContain('/us-west-2/lambda/');
    const { code, stderr } = await invoke(['hello', '--profile', 'nobody']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^CREDENTIALS: .* from the setting profile: /)]);
  });

  test("--log shows the end of the function's log", async () => {
    lambda.respondWith({ result: { statusCode: 200 }, logResult: 'said by the function\n' });
    expect((await invoke(direct(['hello', '--log']))).stdout).toContain('  said by the function\n');
    expect(lambda.last().headers['x-amz-log-type']).toBe('Tail');
  });

  test('a body that is no text is summed up, and --output has it', async () => {
    lambda.respondWith({
      result: { statusCode: 200, body: Buffer.of(1, 0, 255).toString('base64'), isBase64Encoded: true },
    });
    expect((await invoke(direct(['hello']))).stdout).toMatch(
      /\n\(3 bytes that are no text; --output FILE writes them\)\n$/,
    );
    const file = path.join(gateway.folder, 'answer.bin');
    expect((await invoke(direct(['hello', '--output', file]))).stdout).toMatch(/\n\(3 bytes written\)\n$/);
    expect(readFileSync(file)).toEqual(Buffer.of(1, 0, 255));
  });

  test('an answer with an error status is an answer', async () => {
    lambda.respondWith({ result: { statusCode: 404, body: 'nothing here' } });
    const { code, stdout } = await invoke(direct(['hello']));
    expect([code, stdout]).toEqual([0, expect.stringContaining('404 Not Found\n')]);
  });
});

describe('a call that fails: one line that says why, and exit status 1', () => {
  test.each([
    [
      'the function failed',
      { result: { errorType: 'Error', errorMessage: 'out of order' }, functionError: 'Unhandled' as const },
      /^FUNCTION_ERROR: the function reported an error \(Unhandled\): Error: out of order\. See the function's log; .*\n$/,
    ],
    [
      'its result is none',
      { result: 'text' },
      /^MALFORMED_RESULT: .* it is not an object\. Correct what the function returns\.\n$/,
    ],
    [
      'there is no such function',
      { apiError: { name: 'ResourceNotFoundException', status: 404 } },
      /^FUNCTION_NOT_FOUND: .* Check functionName, qualifier and region\.\n$/,
    ],
  ])('%s', async (_what, script, line) => {
    lambda.respondWith(script);
    const { code, stdout, stderr } = await invoke(['by-pipeline']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(line)]);
    // What a client would get.
    expect(stdout).toMatch(/\n50\d [A-Z][\w ]+\n(?:.+\n)+\n\{"message": "Internal server error"\}\n$/);
  });

  test('--timeout ends it', async () => {
    lambda.respondWith({ fault: 'hang' });
    const { code, stderr } = await invoke(['by-pipeline', '--timeout', '100']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^TIMEOUT: no answer within 100 ms\. /)]);
  });

  test('nobody at the endpoint', async () => {
    const { code, stderr } = await invoke(['hello', '--endpoint', `http://127.0.0.1:${await unusedPort()}`]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^UPSTREAM_UNAVAILABLE: .*ECONNREFUSED/)]);
  });

  test('a stream that breaks off', async () => {
    const { stream } = streamedResponse({ statusCode: 200, headers: { 'Content-Type': 'text/plain' } }, 'first');
    const end = { complete: { ErrorCode: 'Unhandled', ErrorDetails: 'broke off' } };
    lambda.respondWith({ stream: [...stream.slice(0, -1), end] });
    const { code, stdout, stderr } = await invoke(['streaming']);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^FUNCTION_ERROR: .*broke off/)]);
    expect(stdout).toContain('200 OK\n');
  });
});

describe('what cannot be called: one line, and exit status 2', () => {
  test.each([
    ['nothing named', [], /^eg-lambda: name a function, an apiEndpoint or a pipeline\n$/],
    ['a name that no function has', ['no such name'], /^eg-lambda: .*functionName must not be "no such name"/],
    ['an endpoint whose settings are wrong', ['wrong'], /pipeline "wrong", step 1: unknown setting "functonName"/],
    [
      'a path that is none of the endpoint',
      ['users', '--path', '/other'],
      /^eg-lambda: no path of apiEndpoint users takes \/other; --path fits \/users, \/users\/:id, \/users\/:id\/\*\n$/,
    ],
    ['a path without a slash', ['users', '--path', 'x'], /^eg-lambda: --path must begin with \/, not be "x"\n$/],
    ['a header that is none', ['users', '--header', 'x'], /^eg-lambda: --header must be 'NAME: VALUE', not "x"\n$/],
    [
      'a header that HTTP does not know',
      ['users', '--header', 'a(b: 1'],
      /^eg-lambda: Header name must be a valid HTTP token/,
    ],
    ['a file that is not there', ['users', '--event', 'no.json'], /^eg-lambda: --event cannot be read: ENOENT/],
    [
      'an event and a request',
      ['users', '--event', '-', '--data', 'x'],
      /^eg-lambda: --event and --data exclude each other/,
    ],
    [
      'a format that does not exist',
      ['users', '--format', '3.0'],
      /payloadFormatVersion must not be "3\.0", expected: 1\.0/,
    ],
    [
      'a file that cannot be written',
      ['users', '--output', '/no/such/folder'],
      /^eg-lambda: --output cannot be written: /,
    ],
  ])('%s', async (_what, args, message) => {
    const { code, stderr } = await invoke(args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(stderr.split('\n')).toHaveLength(2);
    expect(lambda.invocations).toEqual([]);
  });

  test('an event that is not JSON', async () => {
    const { code, stderr } = await invoke(['users', '--event', '-'], 'text');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^eg-lambda: --event - is not JSON: /)]);
  });
});
