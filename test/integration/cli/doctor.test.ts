import path from 'node:path';
import { type LambdaEndpoint, startLambdaEndpoint, unusedPort } from '../../support/lambda-endpoint';
import { CALLER_ARN, type FakeSts, startFakeSts } from '../aws/fake-sts';
import { GatewayFolder, PLUGIN, gatewayConfig, systemConfig } from './support';

let lambda: LambdaEndpoint;
let sts: FakeSts;
let env: Record<string, string>;
beforeAll(async () => {
  [lambda, sts] = [await startLambdaEndpoint(), await startFakeSts(() => 3_600_000)];
  env = { ...lambda.env, AWS_ENDPOINT_URL_STS: sts.url };
});
afterAll(async () => {
  await lambda.close();
  await sts.close();
});

let gateway: GatewayFolder | undefined;
afterEach(() => {
  gateway?.remove();
  gateway = undefined;
  lambda.reset();
});

interface Config {
  readonly settings?: object;
  readonly plugins?: object;
  readonly gateway?: object;
}

/** Runs the command on a gateway with a pipeline for each of these actions. */
async function doctor(actions: Readonly<Record<string, object>>, flags: readonly string[] = [], config: Config = {}) {
  gateway = new GatewayFolder({
    'system.config.yml': systemConfig(config.settings, config.plugins),
    'gateway.config.yml': gatewayConfig(actions, config.gateway),
  });
  const result = await gateway.run(['doctor', ...flags], { env });
  return { ...result, lines: result.stdout.split('\n') };
}

/** The environment but for these variables. */
const without = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));

const hello = { functionName: 'hello' };

describe('a gateway that works', () => {
  test('each policy: settings with their origin, endpoint, credentials, permission; exit status 0', async () => {
    const actions = {
      one: { functionName: 'hello', qualifier: 'live' },
      two: { functionName: 'other', timeout: 5000 },
    };
    const { code, stderr, stdout } = await doctor(actions, [], { settings: { timeout: 4000, stage: 'prod' } });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'config',
        `  ✔ Node.js ${process.versions.node}`,
        `  ✔ plugins.lambda: ${PLUGIN}`,
        '  ✔ lambda-proxy is listed under policies',
        '',
        'pipeline "one", step 1',
        '    functionName  policy  hello',
        '    qualifier     policy  live',
        '    stage         plugin  prod',
        '    timeout       plugin  4000',
        `  ✔ Lambda: ${lambda.url}, region eu-central-1`,
        `  ✔ credentials: ${CALLER_ARN} from the standard AWS credential chain`,
        '  ✔ hello:live exists and may be invoked (dry run)',
        '',
        'pipeline "two", step 1',
        '    functionName  policy  other',
        '    stage         plugin  prod',
        '    timeout       policy  5000',
        `  ✔ Lambda: ${lambda.url}, region eu-central-1`,
        `  ✔ credentials: ${CALLER_ARN} from the standard AWS credential chain`,
        '  ✔ other exists and may be invoked (dry run)',
        '',
        'Policies: 2. All is well.',
        '',
      ].join('\n'),
    );
  });

  test('no function runs, and each is asked for once', async () => {
    await doctor({ one: hello, two: { ...hello, stage: 'other' }, three: { ...hello, qualifier: 'live' } });
    const asked = lambda.invocations.map(({ functionName, qualifier, headers }) => [
      functionName,
      qualifier,
      headers['x-amz-invocation-type'],
    ]);
    expect(asked).toEqual([
      ['hello', undefined, 'DryRun'],
      ['hello', 'live', 'DryRun'],
    ]);
  });

  test('--all shows defaults too', async () => {
    const { lines } = await doctor({ one: hello }, ['--all', '--offline']);
    expect(lines).toContain('    payloadFormatVersion  default  1.0');
    const { lines: fewer } = await doctor({ one: hello }, ['--offline']);
    expect(fewer.join('\n')).not.toContain('default');
  });

  test('--offline asks nobody', async () => {
    const before = sts.calls.length;
    const { code, lines } = await doctor({ one: hello }, ['--offline']);
    expect([code, lines.includes('  – not checked: AWS (--offline)')]).toEqual([0, true]);
    expect([lambda.invocations.length, sts.calls.length]).toEqual([0, before]);
  });

  test('an assumed role: its ARN, and until when its credentials hold', async () => {
    const assumeRole = { roleArn: 'arn:aws:iam::123456789012:role/gateway', externalId: 'shared-word' };
    const { code, stdout } = await doctor({ one: { ...hello, assumeRole } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/✔ credentials: \S+ from the setting assumeRole, until 20\d\d-\S+Z\n/);
    expect(stdout).toContain('roleArn: arn:aws:iam::123456789012:role/gateway, externalId: ***');
  });

  test('a local endpoint takes any credentials: nobody is asked whose they are', async () => {
    gateway = new GatewayFolder({
      'system.config.yml': systemConfig(),
      'gateway.config.yml': gatewayConfig({ one: { ...hello, endpoint: lambda.url, region: 'eu-west-1' } }),
    });
    const { code, stdout } = await gateway.run(['doctor']);
    expect(code).toBe(0);
    expect(stdout).toContain('  – not checked: credentials; an endpoint on this machine takes any\n');
    expect(stdout).toContain('  ✔ hello exists and may be invoked (dry run)\n');
  });

  test('a functionUrl has its settings shown, and no dry run', async () => {
    const { code, stdout } = await doctor({ one: { functionUrl: 'https://abc.lambda-url.eu-west-1.on.aws/' } });
    expect([code, stdout]).toEqual([0, expect.stringContaining('not checked: the functionUrl; HTTP has no dry run')]);
    expect(lambda.invocations).toEqual([]);
  });

  test('a functionUrl with signed requests: whose credentials sign them', async () => {
    const functionUrl = 'https://abc.lambda-url.eu-west-1.on.aws/';
    const { code, stdout } = await doctor({ one: { functionUrl, authType: 'AWS_IAM' } });
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/✔ credentials: arn:aws:\S+ from the standard AWS credential chain\n/),
    ]);
  });

  test('without a lambda-proxy policy there is nothing to check', async () => {
    const { code, lines } = await doctor({}, [], { gateway: { policies: [] } });
    expect([code, lines.at(-2)]).toEqual([0, 'No pipeline uses lambda-proxy. All is well.']);
  });
});

describe('what fails, with what to do, and exit status 1', () => {
  test.each([
    [
      'ResourceNotFoundException',
      404,
      /✘ hello \(dry run\): FUNCTION_NOT_FOUND: Lambda knows no such function, .*\. Check functionName, qualifier and region\.$/,
    ],
    [
      'AccessDeniedException',
      403,
      /✘ hello \(dry run\): ACCESS_DENIED: .*\. Give the role the permission lambda:InvokeFunction for this function\.$/,
    ],
    ['UnrecognizedClientException', 403, /✘ hello \(dry run\): CREDENTIALS: /],
    ['TooManyRequestsException', 429, /✘ hello \(dry run\): THROTTLED: /],
  ])('%s', async (name, status, line) => {
    lambda.respondWith({ apiError: { name, status } });
    const { code, lines } = await doctor({ one: hello });
    expect(code).toBe(1);
    expect(lines.filter((candidate) => candidate.includes('✘'))).toEqual([expect.stringMatching(line)]);
    expect(lines.at(-2)).toBe('Policies: 1. Failed: 1.');
  });

  test('no answer in time', async () => {
    lambda.respondWith({ fault: 'hang' });
    const { code, stdout } = await doctor({ one: { ...hello, timeout: 200 } });
    expect([code, stdout]).toEqual([1, expect.stringContaining('TIMEOUT: no answer within 200 ms. Make the function')]);
  });

  test('nobody at the endpoint', async () => {
    const endpoint = `http://127.0.0.1:${await unusedPort()}`;
    const { code, stdout } = await doctor({ one: { ...hello, endpoint } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/✘ hello \(dry run\): UPSTREAM_UNAVAILABLE: .*ECONNREFUSED.* Check network, .*\.\n/);
  });

  test('no region', async () => {
    gateway = new GatewayFolder({
      'system.config.yml': systemConfig(),
      'gateway.config.yml': gatewayConfig({ one: hello }),
    });
    const { code, stdout } = await gateway.run(['doctor'], { env: without(['AWS_REGION']) });
    expect(code).toBe(1);
    expect(stdout).toMatch(/✘ Lambda: CONFIGURATION: .*Region is missing.* Correct what the cause names\.\n/);
  });

  test('no credentials', async () => {
    gateway = new GatewayFolder({
      'system.config.yml': systemConfig(),
      'gateway.config.yml': gatewayConfig({ one: { ...hello, profile: 'nobody' } }),
    });
    const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
    const { code, stdout } = await gateway.run(['doctor'], { env: without(keys) });
    expect(code).toBe(1);
    expect(stdout).toMatch(/✘ credentials: CREDENTIALS: no usable AWS credentials from the setting profile: /);
  });

  test('wrong settings of one policy do not hide the next one', async () => {
    const { code, lines } = await doctor({
      one: { functonName: 'x' },
      two: { functionName: '${UNSET}' },
      three: hello,
    });
    expect(code).toBe(1);
    expect(lines.filter((line) => line.includes('✘'))).toEqual([
      expect.stringContaining('pipeline "one", step 1: unknown setting "functonName", did you mean functionName?'),
      expect.stringContaining('pipeline "two", step 1: functionName is empty (is its environment variable set?)'),
    ]);
    expect(lines).toContain('  ✔ hello exists and may be invoked (dry run)');
  });

  test('wrong settings of the plugin', async () => {
    const { code, lines } = await doctor({ one: hello }, ['--offline'], { settings: { timeout: 1 } });
    expect([code, lines.filter((line) => line.includes('✘'))]).toEqual([
      1,
      [expect.stringContaining('plugin settings of express-gateway-plugin-lambda: timeout must not be 1')],
    ]);
  });

  test.each<readonly [what: string, config: Config, line: string]>([
    [
      'the plugin is not registered',
      { settings: { package: 'express-gateway-plugin-example' } },
      '  ✘ the plugin is not registered under plugins in system.config.yml: npx eg-lambda setup',
    ],
    [
      'its package is not installed',
      { settings: { package: 'express-gateway-plugin-lambda' } },
      '  ✘ plugins.lambda: the gateway does not find the package express-gateway-plugin-lambda: npm install it beside express-gateway',
    ],
    [
      'it is registered twice',
      { plugins: { again: { package: PLUGIN } } },
      "  ✘ plugins.again is the same plugin: the last one's settings hold for all; remove one",
    ],
    [
      'the policy is not listed',
      { gateway: { policies: ['proxy'] } },
      '  ✘ lambda-proxy is not listed under policies in gateway.config.yml: npx eg-lambda setup',
    ],
  ])('%s', async (_what, config, line) => {
    const { code, lines } = await doctor({ one: hello }, ['--offline'], config);
    expect([code, lines.filter((candidate) => candidate.includes('✘'))]).toEqual([1, [line]]);
  });
});

test('no secret is in the output, whatever goes wrong', async () => {
  const secrets = [
    'AKIAHIDDEN',
    'hidden-secret',
    'hidden-token',
    'hidden-password',
    'hidden-variable',
    'hidden-id',
    'hidden-key',
  ];
  const proxyUrl = `http://user:hidden-password@127.0.0.1:${await unusedPort()}`;
  const credentials = { accessKeyId: 'AKIAHIDDEN', secretAccessKey: 'hidden-secret', sessionToken: 'hidden-token' };
  const assumeRole = { roleArn: 'arn:aws:iam::123456789012:role/gateway', externalId: 'hidden-id' };
  const actions = {
    proxied: { ...hello, credentials, proxyUrl, stageVariables: { KEY: 'hidden-variable' } },
    assumed: { ...hello, credentials, assumeRole, endpoint: 'http://user:hidden-password@127.0.0.1:1' },
    wrong: { ...hello, credentials: { ...credentials, unknown: 1 }, proxyUrl: 'user:hidden-password' },
    url: { functionUrl: 'https://abc.lambda-url.eu-west-1.on.aws/', apiKey: 'hidden-key' },
  };
  lambda.respondWith({ apiError: { name: 'InvalidSignatureException', status: 403 } });
  const { code, stdout, stderr } = await doctor(actions, ['--all']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/ {4}credentials +policy +\*{3}\n/);
  for (const secret of secrets) expect([secret, `${stdout}${stderr}`.includes(secret)]).toEqual([secret, false]);
});

describe('what cannot be read: one line, and exit status 2', () => {
  test('no gateway around', async () => {
    gateway = new GatewayFolder({});
    const { code, stdout, stderr } = await gateway.run(['doctor']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^eg-lambda: no system\.config\.yml and gateway\.config\.yml in .*\n$/);
  });

  test('--config-dir names a folder without one', async () => {
    gateway = new GatewayFolder({ 'system.config.yml': systemConfig(), 'gateway.config.yml': gatewayConfig({}) });
    const { code, stderr } = await gateway.run(['doctor', '--config-dir', gateway.folder]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(path.join(gateway.folder))]);
  });

  test('a file that the host refuses', async () => {
    const text = gatewayConfig({}, { http: { port: 'none' } });
    gateway = new GatewayFolder({ 'system.config.yml': systemConfig(), 'gateway.config.yml': text });
    const { code, stdout, stderr } = await gateway.run(['doctor']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^eg-lambda: \S+gateway\.config\.yml cannot be read: data\.http\.port should be number\n$/);
  });
});
