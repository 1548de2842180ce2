import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { LambdaProxyError } from '../../../src/errors/lambda-proxy-error';
import { startGateway } from '../../support/gateway';
import { type LambdaEndpoint, startLambdaEndpoint } from '../../support/lambda-endpoint';
import { gatewayOptions } from '../../support/stack';
import { type ConnectProxy, startConnectProxy } from './connect-proxy';
import { startFakeSts } from './fake-sts';
import { call, connect, setEnvironment } from './support';
import { certificate } from './tls-front';

/** A name that only the proxy can resolve. */
const HOST = 'lambda.example.test';

let lambda: LambdaEndpoint;
let proxy: ConnectProxy;
let tls: Server;
let tlsPort: number;
let restore: () => void = () => undefined;
beforeAll(async () => {
  lambda = await startLambdaEndpoint();
  const identity = { key: readFileSync(certificate('server.key.pem')), cert: readFileSync(certificate('server.pem')) };
  tls = createServer(identity, (request, response) => {
    request.resume().once('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
  tlsPort = (tls.address() as AddressInfo).port;
});
beforeEach(async () => {
  lambda.reset();
  proxy = await startConnectProxy(lambda.port);
});
afterEach(async () => {
  restore();
  restore = () => undefined;
  await proxy.close();
});
afterAll(async () => {
  await lambda.close();
  tls.close();
  tls.closeAllConnections();
});

describe('proxyUrl', () => {
  test('calls go through the proxy, which resolves the name', async () => {
    const outcome = await call(connect({ endpoint: `http://${HOST}`, proxyUrl: proxy.url }));
    expect(outcome.result).toBeDefined();
    expect(proxy.asked).toEqual([`${HOST}:80`]);
    expect(lambda.last().headers.host).toBe(HOST);
  });

  test('so does what is asked of STS', async () => {
    const sts = await startFakeSts(() => 3_600_000);
    const stsProxy = await startConnectProxy(Number(new URL(sts.url).port));
    const assumeRole = { roleArn: 'arn:aws:iam::123456789012:role/r', stsEndpoint: 'http://sts.example.test' };
    // One proxy cannot lead to both; the call itself fails behind the tunnel, the role does not.
    await call(connect({ endpoint: `http://${HOST}`, proxyUrl: stsProxy.url, assumeRole }));
    expect(stsProxy.asked[0]).toBe('sts.example.test:80');
    expect(sts.calls.filter(({ Action }) => Action === 'AssumeRole')).toHaveLength(1);
    await stsProxy.close();
    await sts.close();
  });

  test('https is tunnelled and verified end to end', async () => {
    const tunnel = await startConnectProxy(tlsPort);
    const settings = { endpoint: `https://${HOST}`, proxyUrl: tunnel.url };
    expect((await call(connect({ ...settings, caFile: certificate('ca.pem') }))).result).toBeDefined();
    expect((await call(connect(settings))).error?.message).toContain('caFile');
    expect(tunnel.asked[0]).toBe(`${HOST}:443`);
    await tunnel.close();
  });

  test('metadata addresses are never asked of a proxy', async () => {
    const endpoint = 'http://169.254.170.2';
    const signal = AbortSignal.timeout(300);
    await call(connect({ endpoint, proxyUrl: proxy.url, connectTimeout: 100 }), {}, signal);
    expect(proxy.asked).toEqual([]);
  });

  test('a proxy that refuses names the setting, and is no cause for another attempt', async () => {
    const refusing = await startConnectProxy(lambda.port, 407);
    const outcome = await call(connect({ endpoint: `http://${HOST}`, proxyUrl: refusing.url }));
    expect(outcome).toMatchObject({ error: { code: 'UPSTREAM_UNAVAILABLE' }, phase: 'connect' });
    expect(outcome.error?.message).toContain('proxyUrl');
    expect(lambda.invocations).toHaveLength(0);
    await refusing.close();
  });
});

describe('the proxy variables', () => {
  test.each(['HTTP_PROXY', 'http_proxy'])('%s', async (name) => {
    restore = setEnvironment({ HTTP_PROXY: undefined, http_proxy: undefined, [name]: proxy.url });
    expect((await call(connect({ endpoint: `http://${HOST}` }))).result).toBeDefined();
    expect(proxy.asked).toHaveLength(1);
  });

  test('HTTPS_PROXY is for https', async () => {
    const tunnel = await startConnectProxy(tlsPort);
    restore = setEnvironment({ HTTPS_PROXY: tunnel.url, HTTP_PROXY: proxy.url });
    await call(connect({ endpoint: `https://${HOST}`, caFile: certificate('ca.pem') }));
    expect(tunnel.asked).toEqual([`${HOST}:443`]);
    expect(proxy.asked).toEqual([]);
    await tunnel.close();
  });

  test.each([HOST, '.example.test', '*'])('NO_PROXY=%s is honoured', async (value) => {
    restore = setEnvironment({ HTTP_PROXY: proxy.url, NO_PROXY: value });
    expect((await call(connect({ endpoint: `http://${HOST}` }))).error?.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(proxy.asked).toEqual([]);
  });

  test('this machine is reached directly', async () => {
    restore = setEnvironment({ HTTP_PROXY: proxy.url });
    expect((await call(connect({ endpoint: lambda.url }))).result).toBeDefined();
    expect(proxy.asked).toEqual([]);
  });

  test('one that is no URL stops the start, and the message names it', () => {
    restore = setEnvironment({ HTTPS_PROXY: 'proxy:3128' });
    expect(() => connect({ endpoint: `https://${HOST}` })).toThrow('HTTPS_PROXY of the environment must be a URL');
  });
});

describe('caFile and sslVerify', () => {
  test('a certificate of a foreign authority is refused; caFile makes it trusted', async () => {
    const endpoint = `https://127.0.0.1:${tlsPort}`;
    const refused = await call(connect({ endpoint, maxAttempts: 3 }));
    expect(refused).toMatchObject({ error: { code: 'UPSTREAM_UNAVAILABLE' }, attempts: 1, phase: 'connect' });
    expect(refused.error?.message).toContain('caFile');
    expect((await call(connect({ endpoint, caFile: certificate('ca.pem') }))).result).toBeDefined();
  });

  test('sslVerify false accepts it, and is logged once for a connection', async () => {
    const log: string[] = [];
    const endpoint = `https://127.0.0.1:${tlsPort}`;
    const connection = connect({ endpoint, sslVerify: false }, log);
    expect(connect({ endpoint, sslVerify: false }, log)).toBe(connection);
    expect((await call(connection)).result).toBeDefined();
    expect(log).toEqual([expect.stringContaining('sslVerify is FALSE')]);
  });

  test.each([
    ['caFile', '/nowhere/ca.pem', /caFile must not be .*expected: path of a PEM file/],
    ['caFile', __filename, /caFile must not be .*expected: path of a PEM file/],
    ['proxyUrl', 'socks5://u:geheim@proxy:1080', /proxyUrl is not such a URL, expected: http or https URL/],
    [
      'credentials',
      { accessKeyId: 'AKID', secretAccesKey: 'geheim' },
      /credentials has an unknown setting "secretAccesKey"/,
    ],
    ['credentials', { accessKeyId: 'geheim' }, /credentials secretAccessKey is missing/],
    ['assumeRole', { roleArn: 'arn:aws:iam::1:user/geheim' }, /assumeRole roleArn is wrong, expected: ARN of a role/],
    ['assumeRole', { roleArn: null }, /assumeRole roleArn is empty \(is its environment variable set\?\)/],
    ['maxAttempts', 11, /maxAttempts must not be 11, expected: attempts 1–10/],
  ])('%s %j stops the start', async (name, value, message) => {
    const boot = startGateway(gatewayOptions({ wrong: { action: { [name]: value } } }));
    const error = await boot.then(
      () => new Error('the gateway has started'),
      (thrown: unknown) => thrown as Error,
    );
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('geheim');
  });
});

describe('connectTimeout', () => {
  test('ends a TLS handshake that nobody answers, long before the deadline', async () => {
    const silent = createTcpServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const outcome = await call(
      connect({ endpoint: `https://127.0.0.1:${port}`, connectTimeout: 200 }),
      {},
      AbortSignal.timeout(100_000),
    );
    expect(outcome.error).toBeInstanceOf(LambdaProxyError);
    expect(outcome).toMatchObject({ error: { code: 'UPSTREAM_UNAVAILABLE' }, phase: 'connect' });
    silent.close();
  });
});
