import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/eventually';
import { fixtures, payloadOf, rawRequest, startBench } from './support';
import type { Bench } from './support';

const invocations = (name: string): string => `/2015-03-31/functions/${name}/invocations`;

describe('Invoke', () => {
  let bench: Bench;
  let scratch: string;

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'local-lambda-'));
    bench = await startBench({ memorySize: 256 });
  });

  afterAll(async () => {
    await bench.close();
    rmSync(scratch, { recursive: true });
  });

  describe('RequestResponse', () => {
    test('gives the function the event and the caller its result', async () => {
      const { payload } = await bench.invoke('echo', { text: 'grüße', list: [1, null] });
      expect(payload.event).toEqual({ text: 'grüße', list: [1, null] });
    });

    test('is the default, and answers 200 with the version, a request id and JSON', async () => {
      const answer = await rawRequest(bench.server.url, { path: invocations('counter') });
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toBe('application/json');
      expect(answer.headers['x-amz-executed-version']).toBe('$LATEST');
      expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
      expect(answer.headers).not.toHaveProperty('x-amz-function-error');
      expect(answer.headers).not.toHaveProperty('x-amz-log-result');
      expect(JSON.parse(answer.text)).toEqual(expect.any(Number));
    });

    test('gives the function an empty object when there is no payload', async () => {
      expect(payloadOf(await bench.send({ FunctionName: 'echo' })).event).toEqual({});
    });

    test('takes a payload of exactly 6 MB', async () => {
      const Payload = Buffer.from(JSON.stringify('x'.repeat(6_291_456 - 2)));
      const output = await bench.send({ FunctionName: 'plain-cjs', Payload });
      expect(output.StatusCode).toBe(200);
      expect(payloadOf(output).cjs).toHaveLength(6_291_454);
    });
  });

  describe('Event', () => {
    test('answers 202 without a body before the function ends', async () => {
      const file = join(scratch, randomUUID());
      const waitFor = join(scratch, randomUUID());
      const answer = await rawRequest(bench.server.url, {
        path: invocations('writes-file'),
        headers: { 'X-Amz-Invocation-Type': 'Event' },
        body: JSON.stringify({ file, waitFor }),
      });
      expect(answer).toMatchObject({ status: 202, text: '' });
      expect(existsSync(file)).toBe(false);
      writeFileSync(waitFor, '');
      await eventually(() => existsSync(file));
    });

    test('leaves a client context out', async () => {
      const file = join(scratch, randomUUID());
      await bench.send({
        FunctionName: 'writes-file',
        InvocationType: 'Event',
        ClientContext: Buffer.from('{"custom":{}}').toString('base64'),
        Payload: Buffer.from(JSON.stringify({ file })),
      });
      await eventually(() => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0);
      expect(JSON.parse(readFileSync(file, 'utf8')).clientContext).toBeNull();
    });

    test('of a failing function changes nothing for the server', async () => {
      const Payload = Buffer.from('{"how":"exit","code":1}');
      const output = await bench.send({ FunctionName: 'failing', InvocationType: 'Event', Payload });
      expect(output.StatusCode).toBe(202);
      expect((await bench.invoke('plain-cjs', 1)).payload).toEqual({ cjs: 1 });
    });
  });

  test('DryRun answers 204 and does not run the function', async () => {
    const before = Number((await bench.invoke('counter')).payload);
    const output = await bench.send({ FunctionName: 'counter', InvocationType: 'DryRun' });
    expect(output.StatusCode).toBe(204);
    expect(output.Payload ?? []).toHaveLength(0);
    expect((await bench.invoke('counter')).payload).toBe(before + 1);
  });

  describe('FunctionName', () => {
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:echo';

    test.each([
      ['a name', 'echo', arn, '$LATEST'],
      ['a name with a version', 'echo:7', `${arn}:7`, '7'],
      ['a name with an alias', 'echo:live', `${arn}:live`, '$LATEST'],
      ['a name with $LATEST', 'echo:$LATEST', `${arn}:$LATEST`, '$LATEST'],
      ['a partial ARN', '123456789012:function:echo', arn, '$LATEST'],
      ['an ARN', 'arn:aws:lambda:eu-central-1:111122223333:function:echo', undefined, '$LATEST'],
      ['an ARN with a version', 'arn:aws:lambda:eu-central-1:111122223333:function:echo:7', undefined, '7'],
    ])('may be %s', async (_what, FunctionName, invokedFunctionArn, version) => {
      const output = await bench.send({ FunctionName });
      expect(output.ExecutedVersion).toBe(version);
      const { context, env } = payloadOf(output);
      expect(context.invokedFunctionArn).toBe(invokedFunctionArn ?? FunctionName);
      expect(context.functionName).toBe('echo');
      expect(context.functionVersion).toBe(version);
      expect(env.AWS_LAMBDA_FUNCTION_VERSION).toBe(version);
    });

    test('may have its qualifier apart', async () => {
      const output = await bench.send({ FunctionName: 'echo', Qualifier: '12' });
      expect(output.ExecutedVersion).toBe('12');
      expect(payloadOf(output).context.invokedFunctionArn).toBe(`${arn}:12`);
    });

    test('may be percent-encoded', async () => {
      const path = invocations(encodeURIComponent('arn:aws:lambda:us-east-1:123456789012:function:echo:3'));
      const answer = await rawRequest(bench.server.url, { path });
      expect(answer.headers['x-amz-executed-version']).toBe('3');
    });
  });

  describe('the context', () => {
    test('is that of the Node.js runtime', async () => {
      const output = await bench.send({
        FunctionName: 'echo',
        ClientContext: Buffer.from('{"client":{"app_title":"test"},"custom":{"a":"b"}}').toString('base64'),
      });
      const { context } = payloadOf(output);
      expect(context).toMatchObject({
        awsRequestId: output.$metadata.requestId,
        callbackWaitsForEmptyEventLoop: true,
        clientContext: { client: { app_title: 'test' }, custom: { a: 'b' } },
        functionName: 'echo',
        functionVersion: '$LATEST',
        logGroupName: '/aws/lambda/echo',
        memoryLimitInMB: '256',
      });
      expect(context.logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
      expect(context).not.toHaveProperty('identity');
      expect(context.remaining).toBeGreaterThan(0);
      expect(context.remaining).toBeLessThanOrEqual(60_000);
    });
  });

  describe('the environment', () => {
    test('has the variables that Lambda reserves', async () => {
      const { env } = (await bench.invoke('echo')).payload;
      expect(env).toMatchObject({
        _HANDLER: 'echo.handler',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
        AWS_LAMBDA_FUNCTION_NAME: 'echo',
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_REGION: 'us-east-1',
        LAMBDA_TASK_ROOT: fixtures,
        TZ: ':UTC',
      });
      expect(env.AWS_EXECUTION_ENV).toMatch(/^AWS_Lambda_nodejs\d+\.x$/);
    });

    test("has the call's trace id, and only that call's", async () => {
      const traceId = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
      const traced = await rawRequest(bench.server.url, {
        path: invocations('echo'),
        headers: { 'X-Amzn-Trace-Id': traceId },
      });
      expect(JSON.parse(traced.text).env._X_AMZN_TRACE_ID).toBe(traceId);
      const untraced = await rawRequest(bench.server.url, { path: invocations('echo') });
      expect(JSON.parse(untraced.text).env).not.toHaveProperty('_X_AMZN_TRACE_ID');
    });
  });
});
