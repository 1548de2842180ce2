import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  type LambdaEndpoint,
  type LambdaScript,
  type RecordedInvocation,
  startLambdaEndpoint,
} from '../../support/lambda-endpoint';
import { type InvokeRequest, call, connect } from './support';
import { verifySignature } from './verify-signature';

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'test-secret', sessionToken: 'token' };

let lambda: LambdaEndpoint;
beforeAll(async () => {
  lambda = await startLambdaEndpoint();
});
beforeEach(() => {
  lambda.reset();
});
afterAll(() => lambda.close());

/** The same call by `client.send`, as the SDK's documentation shows it; resolves with the error it threw. */
async function send(request: InvokeRequest, endpoint = lambda.url): Promise<unknown> {
  const client = new LambdaClient({ region: 'eu-central-1', endpoint, credentials: CREDENTIALS, maxAttempts: 1 });
  const { functionName, qualifier, invocationType, logType, payload } = request;
  const command = new InvokeCommand({
    FunctionName: functionName,
    Qualifier: qualifier,
    InvocationType: invocationType,
    LogType: logType,
    Payload: payload,
  });
  try {
    return await client.send(command);
  } catch (error) {
    return error;
  } finally {
    client.destroy();
  }
}

/** What must be equal, request for request: all but time, invocation id, user agent and what depends on them. */
function essence({ method, url, headers, body }: RecordedInvocation): object {
  const { authorization, ...rest } = headers;
  const varying = ['x-amz-date', 'amz-sdk-invocation-id', 'user-agent'];
  return {
    method,
    url,
    body: body.toString('base64'),
    headers: Object.fromEntries(Object.entries(rest).filter(([name]) => !varying.includes(name))),
    signed: /SignedHeaders=([^,]+)/.exec(authorization ?? '')?.[1],
  };
}

const REQUEST: InvokeRequest = {
  functionName: 'fn',
  qualifier: undefined,
  invocationType: 'RequestResponse',
  logType: 'None',
  traceId: '',
  payload: Buffer.from('{"a":1}'),
};

const requests: Readonly<Record<string, Partial<InvokeRequest>>> = {
  plain: {},
  'with an alias': { qualifier: 'live' },
  'with $LATEST': { qualifier: '$LATEST' },
  'by ARN': { functionName: 'arn:aws:lambda:eu-central-1:123456789012:function:fn:7' },
  'by partial ARN': { functionName: '123456789012:function:fn' },
  queued: { invocationType: 'Event' },
  dry: { invocationType: 'DryRun' },
  'with a log tail': { logType: 'Tail' },
  'with text beyond ASCII': { payload: Buffer.from('{"a":"ü😀"}') },
  'with a large event': { payload: Buffer.from(JSON.stringify('x'.repeat(3_000_000))) },
};

test.each(Object.entries(requests))('the request is that of client.send: %s', async (_name, change) => {
  const request = { ...REQUEST, ...change };
  await send(request);
  // The second call of a connection shows what was left over from the first.
  const connection = connect({ endpoint: lambda.url, credentials: CREDENTIALS });
  await call(connection, { ...request, payload: Buffer.from('"first"') });
  await call(connection, request);
  const [theirs, , ours] = lambda.invocations.map(essence);
  expect(ours).toEqual(theirs);
});

test.each(Object.entries(requests))('the signature verifies: %s', async (_name, change) => {
  await call(connect({ endpoint: lambda.url, credentials: CREDENTIALS }), { ...REQUEST, ...change });
  const invocation = lambda.last();
  expect(verifySignature(invocation, CREDENTIALS.secretAccessKey)).toMatchObject({
    isValid: true,
    accessKeyId: CREDENTIALS.accessKeyId,
    region: 'eu-central-1',
    service: 'lambda',
    signedNames: expect.arrayContaining(['host', 'x-amz-date', 'x-amz-security-token', 'content-length']),
  });
  expect(verifySignature({ ...invocation, body: Buffer.from('forged') }, CREDENTIALS.secretAccessKey).isValid).toBe(
    false,
  );
  expect(verifySignature(invocation, 'another secret').isValid).toBe(false);
});

test('an endpoint with a path keeps it', async () => {
  const endpoint = `${lambda.url}/base/path`;
  await send(REQUEST, endpoint);
  await call(connect({ endpoint, credentials: CREDENTIALS }), REQUEST);
  expect(lambda.invocations[0]?.url).toContain('/base/path/2015-03-31/functions/fn/');
  expect(essence(lambda.invocations[1]!)).toEqual(essence(lambda.invocations[0]!));
  expect(verifySignature(lambda.last(), CREDENTIALS.secretAccessKey).isValid).toBe(true);
});

const refusals: Readonly<Record<string, LambdaScript>> = Object.fromEntries([
  ...(
    [
      ['TooManyRequestsException', 429],
      ['ResourceNotFoundException', 404],
      ['AccessDeniedException', 403],
      ['InvalidParameterValueException', 400],
      ['KMSDisabledException', 502],
      ['EC2ThrottledException', 502],
      ['ServiceException', 500],
      ['SomethingNewException', 418],
      ['RequestTooLargeException', 413],
    ] as const
  ).map(([name, status]) => [name, { apiError: { name, status, message: 'why', fields: { Reason: 'r' } } }] as const),
  ['a page', { http: { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>no</h1>' } }],
  ['an empty error', { http: { status: 503, body: '' } }],
  ['JSON without a name', { http: { status: 500, body: '{"message":"x"}' } }],
  ['a redirect', { http: { status: 301, headers: { location: '/' }, body: '' } }],
]);

test.each(Object.entries(refusals))('the error is that of client.send: %s', async (_name, script) => {
  lambda.respondWith(script);
  const theirs = (await send(REQUEST)) as Error & Record<string, unknown>;
  const ours = (await call(connect({ endpoint: lambda.url, credentials: CREDENTIALS }), REQUEST)).error?.cause;
  expect(theirs).toBeInstanceOf(Error);
  const { name, $fault, Reason } = theirs;
  expect(ours).toMatchObject({
    name,
    ...($fault !== undefined && { $fault }),
    ...(Reason !== undefined && { Reason }),
  });
});
