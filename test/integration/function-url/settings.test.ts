import { type Stack, startStack } from '../../support/stack';
import { startFakeSts } from '../aws/fake-sts';
import { verifySignature } from '../aws/verify-signature';
import { forwarding, KEYS } from './support/routes';
import { startUpstream, type Upstream } from './support/upstream';

/** What the plugin says for all, and one policy for itself. */
const plugin = {
  authType: 'AWS_IAM',
  credentials: KEYS,
  signing: { service: 'lambda', region: 'eu-west-1' },
  apiKey: 'of-the-plugin',
  forwardAuthorizationAs: 'X-Plugin',
};

let upstream: Upstream;
let other: Upstream;
let stack: Stack;
beforeAll(async () => {
  [upstream, other] = [await startUpstream(), await startUpstream()];
  stack = await startStack(
    {
      plugin: forwarding(upstream.url),
      policy: forwarding(upstream.url, {
        signing: { service: 'execute-api', region: 'us-east-2' },
        apiKey: 'of-the-policy',
        forwardAuthorizationAs: 'X-Policy',
      }),
      open: forwarding(upstream.url, { authType: 'NONE' }),
      elsewhere: forwarding(other.url),
      lambda: {},
    },
    { pluginSettings: plugin },
  );
});
beforeEach(() => {
  upstream.reset();
  other.reset();
});
afterAll(async () => {
  await stack.close();
  await upstream.close();
  await other.close();
});

const HEADERS: [string, string][] = [
  ['Authorization', 'Bearer x'],
  ['X-Api-Key', 'of-the-client'],
];
const signed = () => verifySignature(upstream.last(), KEYS.secretAccessKey);

test.each([
  ['plugin', { isValid: true, service: 'lambda', region: 'eu-west-1' }],
  ['policy', { isValid: true, service: 'execute-api', region: 'us-east-2' }],
  ['open', { isValid: false, service: undefined }],
])('authType and signing, as %s says it', async (route, expected) => {
  expect((await stack.request({ target: `/${route}`, headers: HEADERS })).statusCode).toBe(200);
  expect(signed()).toMatchObject(expected);
});

test.each([
  ['plugin', 'of-the-plugin', ['Bearer x'], []],
  ['policy', 'of-the-policy', [], ['Bearer x']],
])('apiKey and forwardAuthorizationAs, as %s says it', async (route, key, atPlugin, atPolicy) => {
  await stack.request({ target: `/${route}`, headers: HEADERS });
  expect(upstream.last().all('x-api-key')).toEqual([key]);
  expect([upstream.last().all('x-plugin'), upstream.last().all('x-policy')]).toEqual([atPlugin, atPolicy]);
});

test('functionUrl says where to', async () => {
  await stack.request({ target: '/elsewhere' });
  expect([upstream.calls.length, other.calls.length, stack.lambda.invocations.length]).toEqual([0, 1, 0]);
});

test('what the plugin says of URLs changes nothing for the Lambda API', async () => {
  expect((await stack.request({ target: '/lambda', headers: HEADERS })).statusCode).toBe(200);
  expect(stack.lambda.last().headers).not.toHaveProperty('x-api-key');
  expect(stack.lambda.last().event.headers).toMatchObject({ 'X-Api-Key': 'of-the-client', Authorization: 'Bearer x' });
});

test('an assumed role signs, and its session token goes along', async () => {
  const sts = await startFakeSts(() => 3_600_000);
  const roles = await startStack({
    role: forwarding(upstream.url, {
      ...plugin,
      assumeRole: { roleArn: 'arn:aws:iam::123456789012:role/r', stsEndpoint: sts.url },
    }),
  });
  expect((await roles.request({ target: '/role' })).statusCode).toBe(200);
  const [accessKeyId = ''] = [signed().accessKeyId];
  expect(accessKeyId).not.toBe(KEYS.accessKeyId);
  expect(verifySignature(upstream.last(), `secret-${accessKeyId}`).isValid).toBe(true);
  expect(upstream.last().all('x-amz-security-token')).toHaveLength(1);
  await roles.close();
  await sts.close();
});
