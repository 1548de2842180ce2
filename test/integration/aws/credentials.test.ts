import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LambdaEndpoint, startLambdaEndpoint } from '../../support/lambda-endpoint';
import { call, connect, setEnvironment } from './support';

const NOTHING = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_PROFILE: undefined,
  AWS_REGION: undefined,
  AWS_EC2_METADATA_DISABLED: 'true',
};

let lambda: LambdaEndpoint;
let dir: string;
let files: Readonly<Record<string, string>>;
let restore: () => void = () => undefined;
beforeEach(async () => {
  lambda = await startLambdaEndpoint();
  dir = mkdtempSync(path.join(tmpdir(), 'aws-'));
  files = { AWS_SHARED_CREDENTIALS_FILE: path.join(dir, 'credentials'), AWS_CONFIG_FILE: path.join(dir, 'config') };
});
afterEach(async () => {
  restore();
  rmSync(dir, { recursive: true });
  await lambda.close();
});

function environment(values: Readonly<Record<string, string | undefined>>): void {
  restore = setEnvironment({ ...NOTHING, ...files, ...values });
}

function writeCredentials(profiles: Readonly<Record<string, string>>): void {
  const text = Object.entries(profiles).map(
    ([name, key]) => `[${name}]\naws_access_key_id = ${key}\naws_secret_access_key = secret-of-${key}\n`,
  );
  writeFileSync(path.join(dir, 'credentials'), text.join('\n'));
}

/** Access key and region that the last call was signed with. */
function signer(): string | undefined {
  return /Credential=([^/]+\/\d{8}\/[^/]+)/
    .exec(lambda.last().headers.authorization ?? '')?.[1]
    ?.replace(/\/\d{8}/, '');
}

test('credentials wins over the environment', async () => {
  environment({ AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'x' });
  const credentials = { accessKeyId: 'AKIDSET', secretAccessKey: 's', sessionToken: 'token' };
  await call(connect({ endpoint: lambda.url, credentials }));
  expect(signer()).toBe('AKIDSET/eu-central-1');
  expect(lambda.last().headers['x-amz-security-token']).toBe('token');
});

test('the environment serves untouched: keys, region and endpoint', async () => {
  environment({
    AWS_ACCESS_KEY_ID: 'AKIDENV',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_REGION: 'ap-south-1',
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
  });
  await call(connect({ credentials: undefined, region: undefined }));
  expect(signer()).toBe('AKIDENV/ap-south-1');
});

test('profile chooses keys and region out of the shared files', async () => {
  environment({});
  writeCredentials({ default: 'AKIDDEFAULT', other: 'AKIDOTHER' });
  writeFileSync(path.join(dir, 'config'), '[profile other]\nregion = eu-north-1\n');
  await call(connect({ endpoint: lambda.url, credentials: undefined, region: undefined, profile: 'other' }));
  expect(signer()).toBe('AKIDOTHER/eu-north-1');
  await call(connect({ endpoint: lambda.url, credentials: undefined, profile: undefined }));
  expect(signer()).toBe('AKIDDEFAULT/eu-central-1');
});

test('a profile that is not there names the setting', async () => {
  environment({});
  const outcome = await call(connect({ endpoint: lambda.url, credentials: undefined, profile: 'nowhere' }));
  expect(outcome).toMatchObject({ error: { code: 'CREDENTIALS' }, phase: 'credentials', attempts: 0 });
  expect(outcome.error?.message).toContain('the setting profile');
});

test('no region at all names the settings that give one', async () => {
  environment({});
  const outcome = await call(connect({ region: undefined }));
  expect(outcome.error).toMatchObject({ code: 'CONFIGURATION' });
  expect(outcome.error?.message).toMatch(/region, profile/);
});

test('no credentials at all names the chain; nothing is sent', async () => {
  environment({});
  const outcome = await call(connect({ credentials: undefined, endpoint: `http://lambda.invalid` }));
  expect(outcome.error).toMatchObject({ code: 'CREDENTIALS' });
  expect(outcome.error?.message).toContain('standard AWS credential chain');
});

test('plain HTTP on this machine works without any credentials', async () => {
  environment({});
  expect((await call(connect({ endpoint: lambda.url, credentials: undefined }))).result).toBeDefined();
  const byName = lambda.url.replace('127.0.0.1', 'localhost');
  expect((await call(connect({ endpoint: byName, credentials: undefined }))).result).toBeDefined();
});

test('keys that were replaced in the shared file are read anew when the old ones are refused', async () => {
  environment({});
  writeCredentials({ default: 'AKIDOLD' });
  lambda.respondWith(({ headers }) =>
    headers.authorization?.includes('AKIDOLD')
      ? { apiError: { name: 'UnrecognizedClientException', status: 403 } }
      : { result: {} },
  );
  const connection = connect({ endpoint: lambda.url, credentials: undefined });
  expect((await call(connection)).error).toMatchObject({ code: 'CREDENTIALS' });
  expect(lambda.invocations).toHaveLength(1);
  writeCredentials({ default: 'AKIDNEW' });
  expect(await call(connection)).toMatchObject({ result: {}, attempts: 2 });
  expect(await call(connection)).toMatchObject({ result: {}, attempts: 1 });
});

test('a clock that is wrong is set by the answer', async () => {
  const ahead = 3_600_000;
  lambda.respondWith(({ headers }) => {
    const signedAt = String(headers['x-amz-date']).replace(
      /(....)(..)(..)T(..)(..)(..)Z/,
      (_text, ...parts: string[]) => `${parts.slice(0, 3).join('-')}T${parts.slice(3, 6).join(':')}Z`,
    );
    const now = Date.now() + ahead;
    return Math.abs(Date.parse(signedAt) - now) < 300_000
      ? { result: {} }
      : {
          apiError: {
            name: 'InvalidSignatureException',
            status: 403,
            message: 'Signature expired',
            headers: { date: new Date(now).toUTCString() },
          },
        };
  });
  const connection = connect({ endpoint: lambda.url });
  expect(await call(connection)).toMatchObject({ result: {}, attempts: 2 });
  expect(await call(connection)).toMatchObject({ result: {}, attempts: 1 });
});
