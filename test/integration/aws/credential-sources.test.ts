import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LambdaConnection } from '../../../src/aws/lambda-connection';
import { type LambdaEndpoint, type RecordedInvocation, startLambdaEndpoint } from '../../support/lambda-endpoint';
import { startConnectProxy } from './connect-proxy';
import { CONTAINER_PATH, startFakeMetadata } from './fake-metadata';
import { startFakeSts } from './fake-sts';
import { call, connect, setEnvironment } from './support';
import { certificate, startTlsFront, type TlsFront } from './tls-front';
import { verifySignature } from './verify-signature';

const ROLE = 'arn:aws:iam::123456789012:role/gateway';
const HOUR = 3_600_000;

/** Less than the five minutes before expiry from which on the SDK asks for new keys. */
const MINUTE = 60_000;

/** Every variable that leads the SDK to credentials or endpoints. */
const NOTHING = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => name.startsWith('AWS_') && !name.includes('WARNING'))
    .map((name) => [name, undefined]),
);

/** One of the places where the SDK's standard chain finds keys. All of them number the keys they hand out. */
interface Source {
  /** What a process finds in its environment there. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

let dir: string;
/** Milliseconds that keys live which are handed out from here on. */
let lifetime: number;

const file = (name: string): string => path.join(dir, name);

/** Writes a file into the test's folder and names it. */
function write(name: string, text: string): string {
  writeFileSync(file(name), text);
  return file(name);
}

/** Also where a program of the operator can read it. */
function setLifetime(ms: number): void {
  lifetime = ms;
  write('lifetime', String(ms));
}

const sources: Readonly<Record<string, () => Promise<Source>>> = {
  'web identity, as on EKS': async () => {
    const sts = await startFakeSts(() => lifetime);
    const env = {
      AWS_WEB_IDENTITY_TOKEN_FILE: write('identity', 'a token of the cluster'),
      AWS_ROLE_ARN: ROLE,
      AWS_ENDPOINT_URL_STS: sts.url,
    };
    return { env, close: () => sts.close() };
  },
  'a container, as on ECS and with EKS Pod Identity': async () => {
    const metadata = await startFakeMetadata(() => lifetime, 'a token of the task');
    const env = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: metadata.url + CONTAINER_PATH,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: write('authorization', 'a token of the task'),
    };
    return { env, close: () => metadata.close() };
  },
  'an instance, as on EC2': async () => {
    const metadata = await startFakeMetadata(() => lifetime, '');
    const env = { AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url, AWS_EC2_METADATA_V1_DISABLED: 'true' };
    return { env, close: () => metadata.close() };
  },
  'a program of the operator, by AWS_PROFILE': () => {
    const program = write(
      'program.cjs',
      `const { appendFileSync, readFileSync } = require('node:fs');
       appendFileSync(process.argv[2], '.');
       const AccessKeyId = 'ASIA' + String(readFileSync(process.argv[2]).length).padStart(16, '0');
       const Expiration = new Date(Date.now() + Number(readFileSync(process.argv[3]))).toISOString();
       const SecretAccessKey = 'secret-' + AccessKeyId;
       console.log(JSON.stringify({ Version: 1, AccessKeyId, SecretAccessKey, SessionToken: 'token-' + AccessKeyId, Expiration }));`,
    );
    const runs = write('runs', '');
    const command = `"${process.execPath}" "${program}" "${runs}" "${file('lifetime')}"`;
    write('config', `[profile operator]\ncredential_process = ${command}\n`);
    return Promise.resolve({ env: { AWS_PROFILE: 'operator' }, close: () => Promise.resolve() });
  },
};

let lambda: LambdaEndpoint;
let front: TlsFront;
let restore: () => void = () => undefined;
beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'aws-'));
  lambda = await startLambdaEndpoint();
  front = await startTlsFront(lambda.port);
});
afterEach(async () => {
  restore();
  await front.close();
  await lambda.close();
  rmSync(dir, { recursive: true });
});

function environment(values: Readonly<Record<string, string>>): void {
  const files = { AWS_CONFIG_FILE: file('config'), AWS_SHARED_CREDENTIALS_FILE: file('credentials') };
  restore = setEnvironment({ ...NOTHING, ...files, ...values });
}

function toLambda(): LambdaConnection {
  return connect({ endpoint: front.url, caFile: certificate('ca.pem'), credentials: undefined });
}

/** The number of the keys that signed a call, and signed it right. */
function keysOf(invocation: RecordedInvocation): number {
  const accessKeyId = /Credential=([^/]+)/.exec(invocation.headers.authorization ?? '')?.[1] ?? '';
  expect(verifySignature(invocation, `secret-${accessKeyId}`).isValid).toBe(true);
  expect(invocation.headers['x-amz-security-token']).toBe(`token-${accessKeyId}`);
  return Number(/^ASIA(\d{16})$/.exec(accessKeyId)?.[1]);
}

/** Makes a call that must succeed; the number of the keys that signed it. */
async function callSigned(connection: LambdaConnection): Promise<number> {
  expect(await call(connection)).toMatchObject({ result: {}, attempts: 1 });
  return keysOf(lambda.last());
}

describe.each(Object.entries(sources))('%s', (_name, start) => {
  test('every call is signed with its keys, fetched once for all', async () => {
    setLifetime(HOUR);
    const source = await start();
    environment(source.env);
    const connection = toLambda();
    await Promise.all([call(connection), call(connection), call(connection)]);
    const keys = await callSigned(connection);
    // Each fetch has keys of its own.
    expect(lambda.invocations.map(keysOf)).toEqual([keys, keys, keys, keys]);
    await source.close();
  });

  test('keys that are about to expire are replaced, and no call fails over it', async () => {
    setLifetime(MINUTE);
    const source = await start();
    environment(source.env);
    const connection = toLambda();
    const first = await callSigned(connection);
    // New keys that were about to expire would be replaced, too, while the next test has another environment already.
    setLifetime(HOUR);
    // The old ones serve while the new ones are on their way.
    while ((await callSigned(connection)) === first);
    await source.close();
  });
});

test('a web identity is exchanged through the outbound proxy, where there is one', async () => {
  setLifetime(HOUR);
  const sts = await startFakeSts(() => lifetime);
  const proxy = await startConnectProxy(Number(new URL(sts.url).port));
  environment({
    AWS_WEB_IDENTITY_TOKEN_FILE: write('identity', 'a token of the cluster'),
    AWS_ROLE_ARN: ROLE,
    AWS_ENDPOINT_URL_STS: 'http://sts.example.test',
    HTTP_PROXY: proxy.url,
  });
  await call(toLambda());
  expect(proxy.asked).toEqual(['sts.example.test:80']);
  expect(sts.calls).toMatchObject([{ Action: 'AssumeRoleWithWebIdentity', RoleArn: ROLE }]);
  await callSigned(toLambda());
  await Promise.all([proxy.close(), sts.close()]);
});

test('a container whose token is refused has no credentials, and nothing is sent to Lambda', async () => {
  const metadata = await startFakeMetadata(() => HOUR, 'a token of the task');
  environment({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: metadata.url + CONTAINER_PATH,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: write('authorization', 'a token of another task'),
  });
  expect(await call(toLambda())).toMatchObject({ error: { code: 'CREDENTIALS' }, phase: 'credentials', attempts: 0 });
  expect(lambda.invocations).toHaveLength(0);
  await metadata.close();
});

describe('the shared configuration file', () => {
  const KEYS = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'test-secret' };

  const useEndpoint = (profile: string, url: string): string =>
    `[${profile}]\nservices = ours\n[services ours]\nlambda =\n  endpoint_url = ${url}\n`;

  test('names the endpoint in its services section', async () => {
    write('config', useEndpoint('default', lambda.url));
    environment(KEYS);
    expect((await call(connect({ credentials: undefined }))).result).toBeDefined();
    expect(verifySignature(lambda.last(), 'test-secret')).toMatchObject({ isValid: true, accessKeyId: 'AKIDEXAMPLE' });
  });

  test('that of the profile which AWS_PROFILE names', async () => {
    write('config', useEndpoint('profile operator', lambda.url));
    write('credentials', '[operator]\naws_access_key_id = AKIDOPERATOR\naws_secret_access_key = of-operator\n');
    environment({ AWS_PROFILE: 'operator' });
    expect((await call(connect({ credentials: undefined }))).result).toBeDefined();
    expect(verifySignature(lambda.last(), 'of-operator')).toMatchObject({ isValid: true, accessKeyId: 'AKIDOPERATOR' });
  });

  test('yields to AWS_ENDPOINT_URL_LAMBDA, and that to the setting endpoint', async () => {
    const [inFile, inEnvironment] = await Promise.all([startLambdaEndpoint(), startLambdaEndpoint()]);
    write('config', useEndpoint('default', inFile.url));
    environment({ ...KEYS, AWS_ENDPOINT_URL_LAMBDA: inEnvironment.url });
    await call(connect({}));
    await call(connect({ endpoint: lambda.url }));
    expect([inFile, inEnvironment, lambda].map(({ invocations }) => invocations.length)).toEqual([0, 1, 1]);
    await Promise.all([inFile.close(), inEnvironment.close()]);
  });
});
