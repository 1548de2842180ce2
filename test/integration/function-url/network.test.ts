import { type Stack, startStack, type Route } from '../../support/stack';
import { startConnectProxy } from '../aws/connect-proxy';
import { verifySignature } from '../aws/verify-signature';
import { forwarding, KEYS } from './support/routes';
import { certificate, startUpstream, type Upstream } from './support/upstream';

// New ones for each test: connections of an earlier one may still be open.
let plain: Upstream;
let tls: Upstream;
const stacks: Stack[] = [];
beforeEach(async () => {
  [plain, tls] = [await startUpstream(), await startUpstream({ tls: true })];
});
afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.close();
  await plain.close();
  await tls.close();
});

async function start(routes: Readonly<Record<string, Route>>, pluginSettings: Record<string, unknown> = {}) {
  const stack = await startStack(routes, { pluginSettings });
  stacks.push(stack);
  return stack;
}

test('a certificate of a foreign authority is refused; caFile makes it trusted, sslVerify false accepts it', async () => {
  const stack = await start({
    foreign: forwarding(tls.url),
    trusted: forwarding(tls.url, { caFile: certificate('ca.pem') }),
    careless: forwarding(tls.url, { sslVerify: false }),
  });
  expect((await stack.request({ target: '/foreign' })).statusCode).toBe(500);
  expect(stack.gateway.log.join('\n')).toMatch(/UPSTREAM_UNAVAILABLE .*phase="connect" .*see caFile/);
  expect(tls.calls).toHaveLength(0);
  expect((await stack.request({ target: '/trusted' })).statusCode).toBe(200);
  expect((await stack.request({ target: '/careless' })).statusCode).toBe(200);
  expect(stack.gateway.log.join('\n')).toMatch(/sslVerify is FALSE/);
});

test('keys that go over plain HTTP to another machine are warned of at start-up, without the query', async () => {
  const stack = await start({
    key: forwarding('http://plain.example/key?secret=1', { apiKey: 'k' }),
    signed: forwarding('http://plain.example/signed', {
      authType: 'AWS_IAM',
      signing: { service: 'execute-api', region: 'eu-west-1' },
    }),
    open: forwarding('http://plain.example/open'),
    local: forwarding(plain.url, { apiKey: 'k' }),
    safe: forwarding('https://plain.example/safe', { apiKey: 'k' }),
  });
  const warned = stack.gateway.log.filter((line) => line.includes('is plain HTTP'));
  expect(warned.map((line) => /(\S+) is plain HTTP/.exec(line)?.[1])).toEqual([
    'http://plain.example/key',
    'http://plain.example/signed',
  ]);
});

test('a signature holds over https, with the port in the host', async () => {
  const signed = { authType: 'AWS_IAM', credentials: KEYS, signing: { service: 'lambda', region: 'eu-west-1' } };
  const stack = await start({ signed: forwarding(tls.url, { ...signed, caFile: certificate('ca.pem') }) });
  expect((await stack.request({ method: 'POST', target: '/signed?a=+', body: 'abc' })).statusCode).toBe(200);
  expect(tls.last().all('host')).toEqual([`localhost:${tls.port}`]);
  expect(verifySignature(tls.last(), KEYS.secretAccessKey).isValid).toBe(true);
  expect(verifySignature({ ...tls.last(), url: '/signed?a=b' }, KEYS.secretAccessKey).isValid).toBe(false);
  expect(verifySignature(tls.last(), 'another secret').isValid).toBe(false);
});

test('proxyUrl: https is tunnelled, and verified end to end', async () => {
  const tunnel = await startConnectProxy(tls.port);
  const settings = { proxyUrl: tunnel.url, caFile: certificate('ca.pem') };
  const url = 'https://lambda.example.test/base';
  const stack = await start({ tunnelled: forwarding(url, settings) });
  expect((await stack.request({ target: '/tunnelled/x' })).statusCode).toBe(200);
  expect(tunnel.asked).toEqual(['lambda.example.test:443']);
  expect(tls.last().url).toBe('/base/tunnelled/x');
  expect(tls.last().all('host')).toEqual(['lambda.example.test']);
  await stack.request({
    target: '/tunnelled/x',
    headers: [
      ['X-A', '1'],
      ['X-A', '2'],
    ],
  });
  expect(tls.last().all('x-a')).toEqual(['1', '2']);
  await tunnel.close();
});

test('connectTimeout ends a handshake that nobody answers', async () => {
  const silent = await startConnectProxy(1);
  const url = `https://127.0.0.1:${new URL(silent.url).port}`;
  const stack = await start({ silent: forwarding(url, { connectTimeout: 200, timeout: 60_000 }) });
  expect((await stack.request({ target: '/silent' })).statusCode).toBe(500);
  expect(stack.gateway.log.join('\n')).toMatch(/UPSTREAM_UNAVAILABLE .*phase="connect"/);
  await silent.close();
});

test('requests share connections; keepAliveTimeout 0 closes each after one', async () => {
  const stack = await start({ kept: forwarding(plain.url), closed: forwarding(plain.url, { keepAliveTimeout: 0 }) });
  for (let i = 0; i < 3; i += 1) await stack.request({ method: 'POST', target: '/kept', body: 'abc' });
  expect(plain.totalConnections).toBe(1);
  plain.reset();
  for (let i = 0; i < 3; i += 1) await stack.request({ method: 'POST', target: '/closed', body: 'abc' });
  expect(plain.totalConnections).toBe(3);
  expect(plain.last().all('connection')).toEqual(['close']);
});

test.each(['plugin', 'policy'])('keepAliveTimeout of the %s closes an idle connection', async (level) => {
  const setting = { keepAliveTimeout: 100 };
  const stack = await start(
    { idle: forwarding(plain.url, level === 'policy' ? setting : {}) },
    level === 'plugin' ? setting : { keepAliveTimeout: 60_000 },
  );
  await stack.request({ target: '/idle' });
  await plain.untilConnections(0);
});

test('keepAliveTimeout holds for the Lambda API as well', async () => {
  const stack = await start({ kept: {}, closed: { action: { keepAliveTimeout: 0 } } });
  for (let i = 0; i < 3; i += 1) await stack.request({ target: '/kept' });
  expect(stack.lambda.totalConnections).toBe(1);
  stack.lambda.reset();
  for (let i = 0; i < 3; i += 1) await stack.request({ target: '/closed' });
  expect(stack.lambda.totalConnections).toBe(3);
});

test('maxConnections are opened, maxPending wait, the next one gets 503', async () => {
  let go = (): void => undefined;
  const opened = new Promise<void>((resolve) => (go = resolve));
  plain.respondWith(async (_request, response) => {
    response.write('head');
    await opened;
    response.end();
  });
  const stack = await start({ busy: forwarding(plain.url, { maxConnections: 2, maxPending: 0 }) });
  const accepted = [stack.request({ target: '/busy' }), stack.request({ target: '/busy' })];
  await plain.waitFor(2);
  const refused = await stack.request({ target: '/busy' });
  expect([refused.statusCode, refused.all('retry-after')]).toEqual([503, ['1']]);
  expect(refused.body.toString()).toBe('{"message":"Service Unavailable"}');
  go();
  for (const response of await Promise.all(accepted)) expect(response.body.toString()).toBe('head');
  expect((await stack.request({ target: '/busy' })).statusCode).toBe(200);
  expect(plain.totalConnections).toBe(2);
});

test('what ends badly gives its place back', async () => {
  const stack = await start({
    one: forwarding(plain.url, { maxConnections: 1, maxPending: 0, timeout: 200, streamIdleTimeout: 200 }),
  });
  plain.respondWith(() => undefined);
  expect((await stack.request({ target: '/one' })).statusCode).toBe(504);
  plain.respondWith((_request, response) => void response.write('silence follows'));
  expect((await stack.request({ target: '/one' })).complete).toBe(false);
  plain.respondWith((_request, response) => response.destroy());
  expect((await stack.request({ target: '/one' })).statusCode).toBe(500);
  await plain.untilConnections(0);
  plain.reset();
  expect((await stack.request({ target: '/one' })).statusCode).toBe(200);
});

test('a hot reload keeps the connections', async () => {
  const stack = await start({ kept: forwarding(plain.url) });
  await stack.request({ target: '/kept' });
  expect(await stack.gateway.reload({})).toBe('completed');
  await stack.request({ target: '/kept' });
  expect(plain.totalConnections).toBe(1);
});
