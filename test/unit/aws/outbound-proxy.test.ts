import { outboundProxy } from '../../../src/aws/outbound-proxy';
import { ConfigurationError } from '../../../src/errors/configuration-error';

const A = 'http://a:3128';
const B = 'http://b:3128';

type Environment = Readonly<Record<string, string>>;

test.each<[name: string, proxyUrl: string | undefined, env: Environment]>([
  ['an empty environment', undefined, {}],
  ['empty variables', undefined, { HTTPS_PROXY: '', http_proxy: ' ' }],
  ['exceptions alone', undefined, { NO_PROXY: 'example.com' }],
  ['* for every host', undefined, { HTTPS_PROXY: A, NO_PROXY: ' * ' }],
  ['a small variable that is empty', undefined, { https_proxy: '', HTTPS_PROXY: A }],
])('%s: no proxy', (_name, proxyUrl, env) => {
  expect(outboundProxy(proxyUrl, env)).toBeUndefined();
});

test.each<[name: string, proxyUrl: string | undefined, env: Environment, httpProxy: string, httpsProxy: string]>([
  ['proxyUrl', A, {}, A, A],
  ['proxyUrl beats the environment', A, { HTTPS_PROXY: B, HTTP_PROXY: B, NO_PROXY: '*' }, A, A],
  ['each variable is for its own kind', undefined, { HTTP_PROXY: A, HTTPS_PROXY: B }, A, B],
  ['one alone leaves the other kind direct', undefined, { HTTPS_PROXY: B }, '', B],
  ['the small spelling wins', undefined, { HTTPS_PROXY: A, https_proxy: B }, '', B],
  ['spaces around it', undefined, { HTTPS_PROXY: ` ${A} ` }, '', A],
])('%s', (_name, proxyUrl, env, httpProxy, httpsProxy) => {
  expect(outboundProxy(proxyUrl, env)).toMatchObject({ httpProxy, httpsProxy });
});

const noProxy = (proxyUrl: string | undefined, env: Environment): readonly string[] =>
  outboundProxy(proxyUrl, env)!.noProxy.split(',');

test.each([[A], [undefined]])('with proxyUrl %p, metadata services are asked directly', (proxyUrl) => {
  expect(noProxy(proxyUrl, { HTTPS_PROXY: A })).toEqual(
    expect.arrayContaining(['169.254.169.254', '169.254.170.2', '169.254.170.23', '[fd00:ec2::254]', '[fd00:ec2::23]']),
  );
});

test('the environment’s proxy is not for this machine, and keeps its own exceptions', () => {
  const hosts = noProxy(undefined, { HTTPS_PROXY: A, NO_PROXY: 'example.com,.internal' });
  expect(hosts).toEqual(expect.arrayContaining(['example.com', '.internal', 'localhost', '127.0.0.1', '[::1]']));
});

test('proxyUrl is for this machine too: somebody has written it there', () => {
  expect(noProxy(A, { NO_PROXY: 'example.com' })).not.toContain('localhost');
});

test.each(['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'])('a %s that is no URL', (name) => {
  const read = () => outboundProxy(undefined, { [name]: 'user:geheim@proxy:3128' });
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(`${name.toUpperCase()} of the environment must be a URL`);
  expect(read).not.toThrow('geheim');
});
