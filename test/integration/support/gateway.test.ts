import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Gateway, GatewayBootError, type GatewayOptions, startGateway } from '../../support/gateway';
import { runGatewayProcess, spawnGateway } from '../../support/gateway-process';

const fixture = (tag: string, steps: object[] = []): GatewayOptions => ({
  pluginPackage: path.join(__dirname, 'fixture-plugin.cjs'),
  apiEndpoints: { api: { host: '*' } },
  pipelines: { main: { apiEndpoints: ['api'], policies: [...steps, { fixture: [{ action: { tag } }] }] } },
});

const script = (behaviour: string, params: object = {}): object => ({
  'test-script': [{ action: { behaviour, ...params } }],
});

const seen = async (gateway: { url: string }, init?: RequestInit): Promise<Record<string, unknown>> =>
  (await (await fetch(gateway.url, init)).json()) as Record<string, unknown>;

describe('startGateway', () => {
  const gateways: Gateway[] = [];
  const start = async (...options: Parameters<typeof startGateway>): Promise<Gateway> => {
    const gateway = await startGateway(...options);
    gateways.push(gateway);
    return gateway;
  };
  afterEach(async () => {
    await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
  });

  test('boots, answers, logs without printing, and leaves nothing behind', async () => {
    const gateway = await start(fixture('one'));
    expect(await seen(gateway)).toMatchObject({ tag: 'one', inits: 1, ip: '127.0.0.1' });
    expect(gateway.log).toContain('[EG:plugins] info: fixture initialised');
    expect((await fetch(`${gateway.adminUrl}/policies`)).status).toBe(200);
    await gateway.close();
    expect(existsSync(gateway.configDir)).toBe(false);
    expect(gateway.server.listening).toBe(false);
    expect(process.env).not.toHaveProperty('EG_CONFIG_DIR');
  });

  test('keeps gateways that run side by side apart, also when they reload', async () => {
    const [first, second] = await Promise.all([start(fixture('first')), start(fixture('second'))]);
    jest.resetModules();
    expect(await first.reload({ pipelines: fixture('changed').pipelines })).toBe('completed');
    expect(await seen(first)).toMatchObject({ tag: 'changed', inits: 2 });
    expect(await seen(second)).toMatchObject({ tag: 'second', inits: 1 });
  });

  test('keeps their users and credentials apart', async () => {
    const options = fixture('auth', [{ 'key-auth': null }]);
    const [first, second] = await Promise.all([start(options), start(options)]);
    const post = async (path: string, body: object): Promise<Record<string, string>> => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(first.adminUrl + path, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await answer.json()) as Record<string, string>;
    };
    await post('/users', { username: 'ann', firstname: 'Ann', lastname: 'Example' });
    const key = await post('/credentials', { consumerId: 'ann', type: 'key-auth', credential: {} });
    const headers = { authorization: `apiKey ${key.keyId ?? ''}:${key.keySecret ?? ''}` };
    expect(await seen(first, { headers })).toMatchObject({ user: { username: 'ann' } });
    expect((await fetch(second.url, { headers })).status).toBe(401);
  });

  test('reloads the way of the file watcher', async () => {
    const gateway = await start({ ...fixture('one'), watch: true });
    expect(await gateway.reload({ pipelines: fixture('two').pipelines })).toBe('completed');
    expect(await seen(gateway)).toMatchObject({ tag: 'two', inits: 2 });
    const refused = gateway.nextReload();
    writeFileSync(path.join(gateway.configDir, 'gateway.config.yml'), 'pipelines: [');
    expect(await refused).toBe('refused');
    expect(await seen(gateway)).toMatchObject({ tag: 'two' });
  });

  test('tells a refused reload and one that would end the process', async () => {
    const gateway = await start(fixture('one'));
    const invalid = { main: { apiEndpoints: ['api'], policies: [{ fixture: [{ action: { tag: {} } }] }] } };
    expect(await gateway.reload({ pipelines: invalid })).toBe('refused');
    expect(await gateway.reload({ gatewayText: () => 'a: [' })).toBe('refused');
    const good = { pipelines: fixture('good').pipelines, gatewayText: (text: string) => text };
    expect(await gateway.reload({ ...good, pluginSettings: { timeout: 5 } })).toBe('completed');
    expect(await seen(gateway)).toMatchObject({ tag: 'good' });
    await expect(gateway.reload({ policies: ['fixture', 'unknown'] })).rejects.toThrow('POLICY_NOT_FOUND');
  });

  test.each([
    ['an unknown policy', { policies: ['unknown'] }, 'POLICY_NOT_FOUND'],
    ['invalid plugin settings', { pluginSettings: { timeout: 'x' } }, 'data.timeout should be integer'],
    ['a plugin that cannot be loaded', { pluginPackage: '/does/not/exist.ts' }, '/does/not/exist.ts'],
    ['a broken file', { gatewayText: () => 'a: [' }, 'failed to (re)load gateway config'],
    ['a file EG refuses', { apiEndpoints: { api: { paths: {} } } }, 'paths should be'],
  ])('rejects for %s', async (_name, change, message) => {
    const failure = await startGateway({ ...fixture('x'), ...change }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(GatewayBootError);
    expect((failure as Error).message).toContain(message);
  });

  test('sets the environment for the gateway and puts it back', async () => {
    const gatewayText = (text: string): string => text.replace('"one"', '${EG_TEST_TAG}');
    const gateway = await start({ ...fixture('one'), gatewayText, env: { EG_TEST_TAG: 'from-env' } });
    expect(await seen(gateway)).toMatchObject({ tag: 'from-env' });
    await gateway.close();
    expect(process.env).not.toHaveProperty('EG_TEST_TAG');
  });

  test('plays earlier policies', async () => {
    const steps = [
      script('context', { value: { a: 1 } }),
      script('user', { value: { id: 'u1' } }),
      script('parse-json'),
      script('headers', { set: { 'X-Mixed': 7 }, remove: ['x-gone'] }),
      script('delay', { ms: 5 }),
      script('url', { url: '/rewritten' }),
    ];
    const gateway = await start({ ...fixture('one', steps), trustProxy: true });
    const headers = { 'content-type': 'application/json', 'x-gone': '1', 'x-forwarded-for': '192.0.2.7' };
    const result = await seen(gateway, { method: 'POST', headers, body: '{"b":2}' });
    expect(result).toMatchObject({ lambda: { a: 1 }, user: { id: 'u1' }, body: { b: 2 }, url: '/rewritten' });
    expect(result).toMatchObject({ ip: '192.0.2.7', headers: { 'X-Mixed': 7 } });
    expect(result.headers).not.toHaveProperty('x-gone');
  });
});

describe('a gateway in a process of its own', () => {
  test('serves until it is closed', async () => {
    const gateway = await spawnGateway(fixture('child'));
    expect(await seen(gateway)).toMatchObject({ tag: 'child' });
    expect((await fetch(`${gateway.adminUrl}/policies`)).status).toBe(200);
    gateway.kill();
    expect(await gateway.exited).toMatchObject({ code: null, signal: 'SIGTERM' });
    await gateway.close();
    expect(existsSync(gateway.configDir)).toBe(false);
  });

  test('shows how it ends', async () => {
    const crash = { main: { apiEndpoints: ['api'], policies: [{ fixture: [{ action: { crash: true } }] }] } };
    const gateway = await spawnGateway({ ...fixture('child'), pipelines: crash });
    await expect(fetch(gateway.url)).rejects.toThrow('fetch failed');
    expect(await gateway.close()).toMatchObject({ code: 1, stderr: expect.stringContaining('crashed as told') });
    const result = await runGatewayProcess({ ...fixture('child'), policies: ['unknown'] });
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('POLICY_NOT_FOUND') });
    await expect(spawnGateway({ ...fixture('child'), policies: ['unknown'] })).rejects.toThrow('exit code 1');
  });
});
