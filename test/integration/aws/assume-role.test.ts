import {
  type LambdaEndpoint,
  type LambdaScript,
  type RecordedInvocation,
  startLambdaEndpoint,
} from '../../support/lambda-endpoint';
import { eventually } from '../../support/eventually';
import { startStack } from '../../support/stack';
import { type FakeSts, startFakeSts } from './fake-sts';
import { call, connect } from './support';
import { verifySignature } from './verify-signature';

const roleArn = 'arn:aws:iam::123456789012:role/invoker';
const HOUR = 3_600_000;
const MINUTE = 60_000;

let lambda: LambdaEndpoint;
let sts: FakeSts;
let lifetime = HOUR;
let executions = 0;
/** The clock of gateway, STS and Lambda. It stands still unless a test moves it, however long the machine takes. */
let now = 0;
beforeEach(async () => {
  executions = 0;
  lifetime = HOUR;
  now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  [lambda, sts] = await Promise.all([startLambdaEndpoint(), startFakeSts(() => lifetime, 20)]);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all([lambda.close(), sts.close()]);
});

/** Lambda as it is with credentials that are no longer valid, or never were. */
function strictly(answer: LambdaScript = { result: { statusCode: 200 } }) {
  return (invocation: RecordedInvocation): LambdaScript => {
    const accessKeyId = accessKeyOf(invocation);
    const isSigned = verifySignature(invocation, `secret-${accessKeyId}`).isValid;
    if (isSigned && sts.isValid(accessKeyId)) {
      executions += 1;
      return answer;
    }
    return { apiError: { name: 'ExpiredTokenException', status: 403, message: 'The security token is expired' } };
  };
}

function accessKeyOf({ headers }: RecordedInvocation): string {
  return /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
}

test('the role is assumed with the base credentials and what the setting says, once for many calls', async () => {
  lambda.respondWith(strictly());
  const role = {
    roleArn,
    roleSessionName: 'session',
    externalId: 'external-7',
    durationSeconds: 1_200,
    stsEndpoint: sts.url,
  };
  const connection = connect({ endpoint: lambda.url, assumeRole: role });
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => call(connection)));
  expect(outcomes.map(({ error }) => error)).toEqual(Array.from({ length: 20 }, () => undefined));
  expect(sts.calls).toHaveLength(1);
  expect(sts.calls[0]).toMatchObject({
    Action: 'AssumeRole',
    RoleArn: roleArn,
    RoleSessionName: 'session',
    ExternalId: 'external-7',
    DurationSeconds: '1200',
  });
  expect(sts.calls[0]?.authorization).toContain('Credential=AKIDEXAMPLE/');
  expect(lambda.last().headers['x-amz-security-token']).toBe('token-ASIA0000000000000001');
});

test('connections that differ in other settings share the credentials of a role', async () => {
  lambda.respondWith(strictly());
  const assumeRole = { roleArn, stsEndpoint: sts.url };
  const first = connect({ endpoint: lambda.url, assumeRole });
  const second = connect({ endpoint: lambda.url, assumeRole, maxAttempts: 2 });
  const other = connect({ endpoint: lambda.url, assumeRole: { ...assumeRole, externalId: 'another' } });
  expect(first).not.toBe(second);
  await call(first);
  await call(second);
  expect(sts.calls).toHaveLength(1);
  await call(other);
  expect(sts.calls).toHaveLength(2);
});

test('credentials that expire under load are renewed, and no request fails or runs twice', async () => {
  const answer = strictly();
  lambda.respondWith((invocation) => {
    now += MINUTE / 2;
    return answer(invocation);
  });
  const stack = await startStack(
    { loaded: { action: { endpoint: lambda.url, assumeRole: { roleArn, stsEndpoint: sts.url } } } },
    { env: { AWS_ENDPOINT_URL_LAMBDA: undefined } },
  );
  const statuses: number[] = [];
  // 480 requests, which take four hours.
  const client = async (): Promise<void> => {
    for (let sent = 0; sent < 60; sent += 1) statuses.push((await stack.request({ target: '/loaded' })).statusCode);
  };
  await Promise.all(Array.from({ length: 8 }, client));
  await stack.close();
  expect(statuses).toEqual(Array.from({ length: 480 }, () => 200));
  expect(executions).toBe(480);
  expect(sts.calls.length).toBeGreaterThanOrEqual(3);
  expect(sts.calls.length).toBeLessThan(20);
});

test('revoked credentials are fetched anew, once for all who were refused', async () => {
  lambda.respondWith(strictly());
  const connection = connect({ endpoint: lambda.url, assumeRole: { roleArn, stsEndpoint: sts.url } });
  await call(connection);
  sts.revoke();
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => call(connection)));
  expect(outcomes.every(({ result, attempts }) => result !== undefined && attempts === 2)).toBe(true);
  expect(sts.calls).toHaveLength(2);
});

test('credentials that are refused time and again end as an error, not in a circle', async () => {
  lambda.respondWith({ apiError: { name: 'ExpiredTokenException', status: 403 } });
  const connection = connect({ endpoint: lambda.url, assumeRole: { roleArn, stsEndpoint: sts.url }, maxAttempts: 3 });
  const outcome = await call(connection);
  expect(outcome.error).toMatchObject({ code: 'CREDENTIALS' });
  expect(lambda.invocations).toHaveLength(2);
});

test('a failing STS names the setting, and harms no one while the credentials still hold', async () => {
  const connection = connect({ endpoint: lambda.url, assumeRole: { roleArn, stsEndpoint: sts.url } });
  await call(connection);
  await sts.close();
  now += 59 * MINUTE;
  expect((await call(connection)).result).toBeDefined();
  now += 2 * MINUTE;
  const outcome = await call(connection);
  expect(outcome).toMatchObject({ error: { code: 'CREDENTIALS' }, phase: 'credentials', attempts: 0 });
  expect(outcome.error?.message).toContain('assumeRole');
});

test('a client that waits for credentials is answered at its deadline', async () => {
  sts.stall();
  const controller = new AbortController();
  const connection = connect({ endpoint: lambda.url, assumeRole: { roleArn, stsEndpoint: sts.url } });
  const outcome = call(connection, {}, controller.signal);
  await eventually(() => sts.calls.length > 0);
  controller.abort(new Error('deadline'));
  expect(await outcome).toMatchObject({ error: { message: 'deadline' }, phase: 'credentials', attempts: 0 });
  expect(lambda.invocations).toHaveLength(0);
});
