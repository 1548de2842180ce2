import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../../support/gateway-config';
import { logLines } from '../../support/gateway-log';
import { startLambdaEndpoint } from '../../support/lambda-endpoint';
import { GatewayFolder, PLUGIN, templateText } from './support';

const ROUTE = ['--function', 'users', '--path', '/users', '--path', '/users/*'];
const PACKAGE = ['--package', PLUGIN];
/** What the host wants to be in system.config.yml. */
const CORE = 'db: { redis: { emulate: true } }\ncrypto: { cipherKey: verySecret }\n';

let gateway: GatewayFolder;
afterEach(() => {
  gateway.remove();
});

/** The two files, to compare them. */
const texts = (): readonly string[] => ['system.config.yml', 'gateway.config.yml'].map((name) => gateway.read(name));
const parsed = (name: string) => parse(gateway.read(name)) as Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- configuration of every shape

/** Whether a text is another one with lines added: every line of it is there, to the byte and in order. */
function expectOnlyAdded(before: string, after: string): void {
  const rest = after.split('\n');
  for (const line of before.replace(/\n$/, '').split('\n')) {
    const at = rest.indexOf(line);
    expect([line, at >= 0]).toEqual([line, true]);
    rest.splice(0, at + 1);
  }
}

describe.each(['basic', 'getting-started'] as const)('in a gateway of the template %s', (template) => {
  beforeEach(() => {
    gateway = GatewayFolder.ofTemplate(template);
  });

  test('everything that was there stays, comments and spaces included', async () => {
    const result = await gateway.run(['setup', ...PACKAGE, ...ROUTE, '--qualifier', 'live']);
    expect([result.code, result.stderr]).toEqual([0, '']);
    for (const name of ['system.config.yml', 'gateway.config.yml']) {
      expectOnlyAdded(templateText(template, name), gateway.read(name));
    }
  });

  test('what was added is what the README has', async () => {
    await gateway.run(['setup', ...PACKAGE, ...ROUTE, '--qualifier', 'live', '--region', 'eu-central-1']);
    expect(parsed('system.config.yml').plugins).toEqual({ lambda: { package: PLUGIN, region: 'eu-central-1' } });
    const { apiEndpoints, policies, pipelines } = parsed('gateway.config.yml');
    expect(apiEndpoints.users).toEqual({ host: '*', paths: ['/users', '/users/*'] });
    expect(policies).toContain('lambda-proxy');
    expect(pipelines.users).toEqual({
      apiEndpoints: ['users'],
      policies: [{ 'lambda-proxy': { action: { functionName: 'users', qualifier: 'live' } } }],
    });
  });

  test('a second run changes nothing', async () => {
    await gateway.run(['setup', ...PACKAGE, ...ROUTE]);
    const before = texts();
    const written = statSync(path.join(gateway.config, 'gateway.config.yml')).mtimeMs;
    const result = await gateway.run(['setup', ...PACKAGE, ...ROUTE]);
    expect(result).toEqual({ code: 0, stdout: 'Nothing to change.\n', stderr: '' });
    expect(texts()).toEqual(before);
    expect(statSync(path.join(gateway.config, 'gateway.config.yml')).mtimeMs).toBe(written);
  });

  test('the gateway starts with it, and a request reaches the function', async () => {
    const [systemText, gatewayText] = texts() as [string, string];
    gateway.write('system.config.yml', systemText);
    gateway.write('gateway.config.yml', gatewayText.replace('port: 8080', 'port: 0').replace('port: 9876', 'port: 0'));
    await gateway.run(['setup', ...PACKAGE, ...ROUTE]);
    const lambda = await startLambdaEndpoint();
    const child = spawn(process.execPath, [path.join(ROOT, 'test/support/gateway-child.cjs'), gateway.config], {
      cwd: ROOT,
      env: { ...process.env, NODE_OPTIONS: undefined, ...lambda.env },
    });
    let log = '';
    const port = await new Promise<string>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        const line = logLines(log).find((candidate) => candidate.includes('gateway http server listening'));
        const found = /:(\d+)$/.exec(line ?? '')?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', () => {
        reject(new Error(log));
      });
    });
    const response = await fetch(`http://127.0.0.1:${port}/users/7`);
    expect([response.status, await response.text()]).toEqual([200, 'ok']);
    expect(lambda.last().functionName).toBe('users');
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
    await once(child, 'close');
    await lambda.close();
  });
});

describe('what it adds', () => {
  beforeEach(() => {
    gateway = GatewayFolder.ofTemplate('basic');
  });

  test('without a function: the plugin and the policy alone', async () => {
    await gateway.run(['setup', ...PACKAGE]);
    expect(parsed('system.config.yml').plugins).toEqual({ lambda: { package: PLUGIN } });
    expect(parsed('gateway.config.yml')).toMatchObject({ apiEndpoints: null, pipelines: null });
    expect(parsed('gateway.config.yml').policies).toContain('lambda-proxy');
  });

  test('without --package: this package by its name, and a word that it is still to be installed', async () => {
    const result = await gateway.run(['setup']);
    expect(parsed('system.config.yml').plugins).toEqual({ lambda: { package: 'express-gateway-plugin-lambda' } });
    expect(result.stderr).toBe(
      'The gateway does not find express-gateway-plugin-lambda yet: npm install it beside express-gateway.\n',
    );
  });

  test('--endpoint and --pipeline name the two', async () => {
    await gateway.run(['setup', ...PACKAGE, ...ROUTE, '--endpoint', 'people', '--pipeline', 'all-people']);
    const { apiEndpoints, pipelines } = parsed('gateway.config.yml');
    expect([Object.keys(apiEndpoints), Object.keys(pipelines)]).toEqual([['people'], ['all-people']]);
    expect(pipelines['all-people'].apiEndpoints).toEqual(['people']);
  });

  test('an ARN names endpoint and pipeline by its function', async () => {
    const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:users:live';
    await gateway.run(['setup', ...PACKAGE, '--function', arn, '--path', '/users']);
    expect(Object.keys(parsed('gateway.config.yml').pipelines)).toEqual(['users']);
  });

  test('--region joins a plugin that is registered already', async () => {
    await gateway.run(['setup', ...PACKAGE]);
    await gateway.run(['setup', '--region', 'eu-west-1']);
    expect(parsed('system.config.yml').plugins).toEqual({ lambda: { package: PLUGIN, region: 'eu-west-1' } });
  });

  test('--dry-run shows it and writes nothing', async () => {
    const before = texts();
    const result = await gateway.run(['setup', ...PACKAGE, ...ROUTE, '--dry-run']);
    expect(result.stdout).toContain('+   lambda:\n');
    expect(result.stdout).toContain('+   - lambda-proxy\n');
    expect(result.stdout).toMatch(/Nothing was written\.\n$/);
    expect(texts()).toEqual(before);
  });

  test('--config-dir and EG_CONFIG_DIR point at a configuration elsewhere', async () => {
    const [byFlag, byVariable] = [
      await gateway.run(['setup', ...PACKAGE, '--config-dir', gateway.config], { cwd: ROOT }),
      await gateway.run(['setup', ...PACKAGE], { cwd: ROOT, env: { EG_CONFIG_DIR: gateway.config } }),
    ];
    expect([byFlag.code, byFlag.stdout.endsWith('Written.\n')]).toEqual([0, true]);
    expect(byVariable.stdout).toBe('Nothing to change.\n');
  });

  test('a configuration in the working folder itself', async () => {
    const result = await gateway.run(['setup', ...PACKAGE], { cwd: gateway.config });
    expect([result.code, result.stdout.endsWith('Written.\n')]).toEqual([0, true]);
  });
});

describe('files of another make', () => {
  test('JSON stays JSON', async () => {
    gateway = new GatewayFolder({
      'system.config.json': '{\n  "db": { "redis": { "emulate": true } },\n  "crypto": { "cipherKey": "x" }\n}\n',
      'gateway.config.json': '{"http":{"port":0},"apiEndpoints":{},"policies":["proxy"],"pipelines":{}}',
    });
    expect((await gateway.run(['setup', ...PACKAGE, ...ROUTE])).code).toBe(0);
    expect(JSON.parse(gateway.read('system.config.json'))).toMatchObject({ plugins: { lambda: { package: PLUGIN } } });
    expect(JSON.parse(gateway.read('gateway.config.json'))).toMatchObject({
      apiEndpoints: { users: { host: '*' } },
      policies: ['proxy', 'lambda-proxy'],
      pipelines: { users: { apiEndpoints: ['users'] } },
    });
  });

  test('variables, quotes and line ends stay as they are', async () => {
    const system =
      '# first\r\nplugins:\r\n  other: # named\r\n    package: "${OTHER}"\r\n\r\ndb: {redis: {emulate: true}}\r\ncrypto: {cipherKey: x}\r\n';
    const config = 'http:\n  port: ${PORT:-8080} # here\npolicies: ["proxy"]\npipelines:\n';
    gateway = new GatewayFolder({ 'system.config.yml': system, 'gateway.config.yml': config });
    expect((await gateway.run(['setup', ...PACKAGE])).code).toBe(0);
    const added = `  lambda:\r\n    package: ${PLUGIN}\r\n`;
    expect(gateway.read('system.config.yml')).toBe(system.replace('"${OTHER}"\r\n', `"\${OTHER}"\r\n${added}`));
    expect(gateway.read('gateway.config.yml')).toBe(config.replace('["proxy"]', '["proxy", "lambda-proxy"]'));
  });

  test('a link stays a link', async () => {
    gateway = GatewayFolder.ofTemplate('basic');
    const elsewhere = path.join(gateway.folder, 'elsewhere');
    mkdirSync(elsewhere);
    const target = path.join(elsewhere, 'real.yml');
    writeFileSync(target, gateway.read('system.config.yml'));
    const link = path.join(gateway.config, 'system.config.yml');
    rmSync(link);
    symlinkSync(target, link);
    await gateway.run(['setup', ...PACKAGE]);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toContain('package:');
  });
});

describe('what it refuses, with one line, and without a change', () => {
  const existing = [
    'apiEndpoints:',
    '  users:',
    '    paths: /elsewhere',
    'policies: [lambda-proxy, proxy]',
    'pipelines:',
    '  first:',
    '    apiEndpoints: [taken]',
    '    policies:',
    '      - proxy: []',
    '',
  ].join('\n');
  const systemText = `${CORE}plugins:\n  lambda:\n    package: ${PLUGIN}\n    region: eu-west-1\n`;

  test.each([
    [
      'a name that no function has',
      ['--function', 'no name', '--path', '/x', '--endpoint', 'x'],
      /^eg-lambda: lambda-proxy policy in pipeline "x", step 1: functionName must not be "no name", expected: /,
    ],
    ['a function without a path', ['--function', 'fn'], /^eg-lambda: --function needs --path, such as --path \/fn\n$/],
    ['a path without a function', ['--path', '/x'], /^eg-lambda: --path needs --function\n$/],
    [
      'a path that is none',
      ['--function', 'fn', '--path', 'x'],
      /^eg-lambda: --path must begin with \/, not be "x"\n$/,
    ],
    [
      'an endpoint that is another one',
      [...ROUTE],
      /^eg-lambda: apiEndpoints\.users is there already and differs; choose another name, or edit it by hand\n$/,
    ],
    [
      'an endpoint that another pipeline serves',
      [...ROUTE, '--endpoint', 'taken'],
      /^eg-lambda: apiEndpoint "taken" is served by pipelines\.first already\n$/,
    ],
    ['another region', ['--region', 'us-east-1'], /^eg-lambda: plugins\.lambda\.region is "eu-west-1" already; change/],
    [
      'another package',
      ['--package', 'other'],
      /^eg-lambda: plugins\.lambda\.package is ".*" already; change it by hand/,
    ],
    ['a region that is none', ['--region', 'Mars!'], /^eg-lambda: plugins\.lambda\.region is /],
    ['a flag that does not exist', ['--functoin', 'x'], /^eg-lambda: Unknown option '--functoin'/],
    ['a value that is empty', ['--function='], /^eg-lambda: --function is empty\n$/],
    ['an argument', ['users'], /^eg-lambda: unexpected argument "users"\n$/],
  ])('%s', async (_what, args, message) => {
    gateway = new GatewayFolder({ 'system.config.yml': systemText, 'gateway.config.yml': existing });
    const result = await gateway.run(['setup', ...args]);
    expect(result.stderr).toMatch(message);
    expect(result.stderr.split('\n')).toHaveLength(2);
    expect([result.code, texts()]).toEqual([2, [systemText, existing]]);
  });

  test('another plugin under its key', async () => {
    const system = `${CORE}plugins:\n  lambda:\n    package: express-gateway-plugin-example\n`;
    gateway = new GatewayFolder({ 'system.config.yml': system, 'gateway.config.yml': existing });
    const result = await gateway.run(['setup']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/another plugin is named "lambda" in system\.config\.yml/);
  });

  test('a file that the host cannot read, without its lines', async () => {
    const system = `${CORE}bad: [\n`;
    gateway = new GatewayFolder({ 'system.config.yml': system, 'gateway.config.yml': existing });
    const result = await gateway.run(['setup']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/^eg-lambda: \S+system\.config\.yml cannot be read: .+\n$/);
    expect(result.stderr).not.toContain('verySecret');
  });

  test('something else where a list belongs', async () => {
    const config = 'policies: ${POLICIES}\npipelines:\n';
    gateway = new GatewayFolder({ 'system.config.yml': systemText, 'gateway.config.yml': config });
    const result = await gateway.run(['setup'], { env: { POLICIES: '[proxy]' } });
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/gateway\.config\.yml must be changed by hand \(.+\); the README says how\n$/);
    expect(texts()).toEqual([systemText, config]);
  });

  test('a folder without a gateway', async () => {
    gateway = new GatewayFolder({});
    const result = await gateway.run(['setup']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/^eg-lambda: no system\.config\.yml and gateway\.config\.yml in .*--config-dir\n$/);
  });
});
