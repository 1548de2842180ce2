import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startFakeSts } from '../../integration/aws/fake-sts';
import { verifySignature } from '../../integration/aws/verify-signature';
import { startLambdaEndpoint } from '../../support/lambda-endpoint';
import { ROOT, expectAsReadmeSays, readmeOf } from './example';

const exec = promisify(execFile);

test('cross-account-role: the function is called with keys of the role, which is assumed as both accounts agreed', async () => {
  const [lambda, sts] = await Promise.all([
    startLambdaEndpoint({ result: { report: 'ready' } }),
    startFakeSts(() => 3_600_000),
  ]);
  try {
    await expectAsReadmeSays('cross-account-role', { ...lambda.env, AWS_ENDPOINT_URL_STS: sts.url });

    expect(sts.calls).toHaveLength(1);
    expect(sts.calls[0]).toMatchObject({
      Action: 'AssumeRole',
      RoleArn: 'arn:aws:iam::444455556666:role/gateway-invokes-reports',
      ExternalId: 'gateway-of-111122223333',
      RoleSessionName: 'express-gateway',
      DurationSeconds: '3600',
      // Asked for by the gateway itself.
      authorization: expect.stringContaining(`Credential=${lambda.env.AWS_ACCESS_KEY_ID}/`),
    });
    const [invocation] = lambda.invocations;
    expect(lambda.invocations).toHaveLength(1);
    expect(invocation).toMatchObject({
      functionName: 'arn:aws:lambda:eu-west-1:444455556666:function:reports:live',
      headers: { 'x-amz-security-token': 'token-ASIA0000000000000001' },
    });
    expect(verifySignature(invocation!, 'secret-ASIA0000000000000001')).toMatchObject({
      isValid: true,
      accessKeyId: 'ASIA0000000000000001',
      region: 'eu-west-1',
      service: 'lambda',
    });
  } finally {
    await Promise.all([lambda.close(), sts.close()]);
  }
});

test('cross-account-role: `eg-lambda doctor` finds all of it in place', async () => {
  const [, command = ''] = /`npx eg-lambda (doctor .*?)`/.exec(readmeOf('cross-account-role')) ?? [];
  const [lambda, sts] = await Promise.all([startLambdaEndpoint(), startFakeSts(() => 3_600_000)]);
  try {
    const env = { ...process.env, NODE_OPTIONS: undefined, ...lambda.env, AWS_ENDPOINT_URL_STS: sts.url };
    const { stdout } = await exec('node', ['dist/src/cli/main.js', ...command.split(' ')], { cwd: ROOT, env });
    expect(stdout).toContain('function:reports:live exists and may be invoked');
    expect(stdout).toContain('All is well.');
  } finally {
    await Promise.all([lambda.close(), sts.close()]);
  }
});

test("cross-account-role: the README's policies are for this role, this external id and this function", () => {
  const policies = [...readmeOf('cross-account-role').matchAll(/^```json\n(.*?)^```/gms)].map(
    ([, policy = '']) => (JSON.parse(policy) as { Statement: object }).Statement,
  );
  expect(policies).toMatchObject([
    { Action: 'sts:AssumeRole', Condition: { StringEquals: { 'sts:ExternalId': 'gateway-of-111122223333' } } },
    {
      Action: 'lambda:InvokeFunction',
      Resource: 'arn:aws:lambda:eu-west-1:444455556666:function:reports:live',
    },
    { Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::444455556666:role/gateway-invokes-reports' },
  ]);
});
