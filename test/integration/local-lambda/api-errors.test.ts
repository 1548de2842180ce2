import { rawRequest, startBench } from './support';
import type { Bench } from './support';

describe('errors of the API', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench();
  });

  afterAll(() => bench.close());

  test('an unknown function is a ResourceNotFoundException', async () => {
    await expect(bench.send({ FunctionName: 'nobody', Qualifier: '3' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody:3',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('the answer on the wire has the type in a header and a request id', async () => {
    const answer = await rawRequest(bench.server.url, { path: '/2015-03-31/functions/nobody/invocations' });
    expect(answer.status).toBe(404);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'x-amzn-errortype': 'ResourceNotFoundException',
      'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(JSON.parse(answer.text)).toEqual({
      Type: 'User',
      Message: 'Function not found: arn:aws:lambda:us-east-1:123456789012:function:nobody',
    });
  });

  test.each([
    ['broken JSON', '{"a":'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('%s is an InvalidRequestContentException', async (_what, payload) => {
    await expect(bench.send({ FunctionName: 'echo', Payload: Buffer.from(payload) })).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
      message: expect.stringMatching(/^Could not parse request body into json: ./),
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('a client context that is not JSON is an InvalidRequestContentException', async () => {
    const ClientContext = Buffer.from('no json').toString('base64');
    await expect(bench.send({ FunctionName: 'echo', ClientContext })).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
      message: 'Client context must be a valid Base64-encoded JSON object.',
    });
  });

  test.each([
    ['RequestResponse', 6_291_456 + 1, 6_291_456],
    ['RequestResponse', 20_000_000, 6_291_456],
    ['Event', 1_048_576 + 1, 1_048_576],
  ] as const)('%s with %d bytes is a RequestTooLargeException', async (InvocationType, size, limit) => {
    const Payload = Buffer.alloc(size, 0x20);
    await expect(bench.send({ FunctionName: 'echo', InvocationType, Payload })).rejects.toMatchObject({
      name: 'RequestTooLargeException',
      message: `${size} byte payload is too large for the ${InvocationType} invocation type (limit ${limit} bytes)`,
      $metadata: { httpStatusCode: 413 },
    });
    // The connection has read the rest of the body and serves the next call.
    expect((await bench.invoke('plain-cjs', 1)).payload).toEqual({ cjs: 1 });
  });

  test('a body that does not announce its size is cut off too', async () => {
    const answer = await rawRequest(bench.server.url, {
      path: '/2015-03-31/functions/echo/invocations',
      headers: { 'Transfer-Encoding': 'chunked' },
      body: Buffer.alloc(8_000_000, 0x20),
    });
    expect(answer.status).toBe(413);
  });

  test.each([
    ['x-amz-invocation-type', 'Sometimes'],
    ['x-amz-log-type', 'Head'],
  ])('an unknown %s is an InvalidParameterValueException', async (header, value) => {
    const path = '/2015-03-31/functions/echo/invocations';
    const answer = await rawRequest(bench.server.url, { path, headers: { [header]: value } });
    expect(answer.status).toBe(400);
    expect(answer.headers['x-amzn-errortype']).toBe('InvalidParameterValueException');
    expect(JSON.parse(answer.text).message).toContain(value);
  });

  test('two qualifiers that differ are an InvalidParameterValueException', async () => {
    await expect(bench.send({ FunctionName: 'echo:1', Qualifier: '2' })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
  });

  test.each(['../local-lambda/echo', 'folder/index', 'echo.js', '..', 'echo\0', 'a'.repeat(65), '/etc/passwd'])(
    'the name %j leads nowhere',
    async (name) => {
      const path = `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
      const answer = await rawRequest(bench.server.url, { path });
      expect(answer.status).toBe(400);
      expect(answer.headers['x-amzn-errortype']).toBe('ValidationException');
    },
  );

  test('a name that is not percent-encoded UTF-8 is a ValidationException', async () => {
    const answer = await rawRequest(bench.server.url, { path: '/2015-03-31/functions/%ff/invocations' });
    expect(answer).toMatchObject({ status: 400, headers: { 'x-amzn-errortype': 'ValidationException' } });
  });

  test.each([
    ['GET', '/2015-03-31/functions/echo/invocations'],
    ['POST', '/'],
    ['POST', '/2015-03-31/functions/x/../echo/invocations'],
    ['POST', '/2015-03-31/functions/echo/invocations/more'],
  ])('%s %s is refused with 403', async (method, path) => {
    const answer = await rawRequest(bench.server.url, { method, path });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text).message).toBe('Missing Authentication Token');
  });
});
