import { type Stack, startStack } from '../../support/stack';
import { startConnectProxy, type ConnectProxy } from '../aws/connect-proxy';
import { verifySignature } from '../aws/verify-signature';
import { forwarding, KEYS } from './support/routes';
import { startUpstream, type Upstream } from './support/upstream';

const SIGNED = { authType: 'AWS_IAM', credentials: KEYS };

let upstream: Upstream;
let proxy: ConnectProxy;
let stack: Stack;
beforeAll(async () => {
  upstream = await startUpstream();
  proxy = await startConnectProxy(upstream.port);
  const host = (name: string) => forwarding(`http://${name}`, { ...SIGNED, proxyUrl: proxy.url });
  const signing = { service: 'execute-api', region: 'eu-west-3' };
  stack = await startStack({
    signed: forwarding(`${upstream.url}/base/?own=1+2`, { ...SIGNED, signing }),
    token: forwarding(upstream.url, { ...SIGNED, signing, credentials: { ...KEYS, sessionToken: 'session/token+=' } }),
    renamed: forwarding(upstream.url, { ...SIGNED, signing, forwardAuthorizationAs: 'X-Client-Authorization' }),
    key: forwarding(upstream.url, { ...SIGNED, signing, apiKey: 'the-key' }),
    unsigned: forwarding(upstream.url),
    parsed: forwarding(
      upstream.url,
      { ...SIGNED, signing },
      { before: [{ 'test-script': { action: { behaviour: 'parse-json' } } }] },
    ),
    url: host('abc123.lambda-url.eu-central-1.on.aws'),
    api: host('a1b2.execute-api.us-east-1.amazonaws.com'),
    vpce: host('vpce-0a-1b.execute-api.us-west-2.vpce.amazonaws.com'),
    'china-url': host('abc.lambda-url.cn-north-1.on.amazonwebservices.com.cn'),
    'china-api': host('abc.execute-api.cn-northwest-1.amazonaws.com.cn'),
    own: forwarding('http://abc.lambda-url.eu-central-1.on.aws', { ...SIGNED, proxyUrl: proxy.url, signing }),
  });
});
beforeEach(() => {
  upstream.reset();
});
afterAll(async () => {
  await stack.close();
  await proxy.close();
  await upstream.close();
});

const verified = (plus: ' ' | '+' = ' ') => verifySignature(upstream.last(), KEYS.secretAccessKey, plus);

const QUERIES = [
  '',
  '?',
  '?a',
  '?a=',
  '?a=1&a=&a',
  '?b=2&a=1&a=0&B=3',
  '?a=x+y%20z%2B',
  '?a+b=1',
  '?q=%C3%A9&%E4%BD%A0=%F0%9F%98%80',
  '?a=%41%7e%7E~-_.',
  "?a=!*'()",
  '?a[b]=1&c=/:@?,;$',
  '?a=b=c&=d',
  '?&&a=1&',
  '?a=%&b=%zz&c=%FF',
  '?__proto__=1&constructor=2',
  '?a=%0A%00',
];
const PATHS = [
  '/',
  '/a%2Fb',
  '/a%252Fb',
  '/%C3%A9',
  "/a!*'()b",
  '/a=b:c@d;e,f$',
  '/a+b',
  '//a///b//',
  '/a/./b/../c',
  '/~x/',
  '/%7Ex',
];

describe.each([' ', '+'] as const)('to a verifier for which + is %j', (plus) => {
  test.each(QUERIES)('the query %s', async (query) => {
    expect((await stack.request({ target: `/signed/x${query}` })).statusCode).toBe(200);
    expect(verified(plus).isValid).toBe(true);
  });

  test.each(PATHS)('the path %s', async (path) => {
    expect((await stack.request({ target: `/signed${path}?a=1` })).statusCode).toBe(200);
    expect(verified(plus).isValid).toBe(true);
  });
});

test('the path goes out as it came', async () => {
  await stack.request({ target: '/signed//a%2Fb/./%7e/../+c?x=+&y=%zz&x=%2B' });
  expect(upstream.last().url).toBe('/base/signed//a%2Fb/./%7e/../+c?own=1%202&x=%20&y=%25zz&x=%2B');
});

test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])('%s', async (method) => {
  await stack.request({ method, target: '/signed' });
  expect(verified().isValid).toBe(true);
});

test.each(['{"a":1}', '\u00e9\ud83d\ude00', 'a'.repeat(1_000_000)])('a body is part of the signature', async (body) => {
  await stack.request({ method: 'POST', target: '/signed', body });
  expect(upstream.last().body.toString()).toBe(body);
  expect(upstream.last().all('content-length')).toEqual([String(Buffer.byteLength(body))]);
  expect(verified().isValid).toBe(true);
});

test('a chunked one as well, and one that an earlier policy parsed', async () => {
  const chunked = { headers: [['Transfer-Encoding', 'chunked']] as const, body: '3\r\nabc\r\n0\r\n\r\n' };
  await stack.request({ method: 'POST', target: '/signed', ...chunked });
  expect(upstream.last().body.toString()).toBe('abc');
  expect(upstream.last().all('transfer-encoding')).toEqual([]);
  expect(verified().isValid).toBe(true);
  const json = { headers: [['Content-Type', 'application/json']] as const, body: '{ "a": 1 }' };
  await stack.request({ method: 'POST', target: '/parsed', ...json });
  expect(upstream.last().body.toString()).toBe('{"a":1}');
  expect(verified().isValid).toBe(true);
});

test.each([
  ['/url', 'lambda', 'eu-central-1'],
  ['/api', 'execute-api', 'us-east-1'],
  ['/vpce', 'execute-api', 'us-west-2'],
  ['/china-url', 'lambda', 'cn-north-1'],
  ['/china-api', 'execute-api', 'cn-northwest-1'],
  ['/own', 'execute-api', 'eu-west-3'],
  ['/signed', 'execute-api', 'eu-west-3'],
])('%s is signed for %s in %s', async (target, service, region) => {
  expect((await stack.request({ target })).statusCode).toBe(200);
  expect(verified()).toMatchObject({ isValid: true, service, region, accessKeyId: KEYS.accessKeyId });
});

test('a session token is sent and signed', async () => {
  await stack.request({ target: '/token' });
  expect(upstream.last().all('x-amz-security-token')).toEqual(['session/token+=']);
  expect(verified()).toMatchObject({ isValid: true, signedNames: expect.arrayContaining(['x-amz-security-token']) });
});

test('only what no proxy changes is signed', async () => {
  await stack.request({
    target: '/signed',
    headers: [
      ['Accept', 'a'],
      ['User-Agent', 'b'],
      ['X-Forwarded-For', '192.0.2.1'],
    ],
  });
  expect(verified().signedNames).toEqual(['host', 'x-amz-content-sha256', 'x-amz-date']);
});

const OWN: [string, string][] = [
  ['Authorization', 'Bearer of-the-client'],
  ['X-Amz-Security-Token', 'smuggled'],
  ['X-Amz-Date', '20200101T000000Z'],
  ['X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD'],
  ['X-Amz-Anything', 'x'],
  ['x-amzn-vpc-id', 'vpc-1'],
  ['X-Client-Authorization', 'forged'],
];

test("a client's own signature never replaces the gateway's", async () => {
  await stack.request({ target: '/signed', headers: OWN });
  expect(verified().isValid).toBe(true);
  const sent = upstream.last().rawHeaders.join('\n');
  expect(sent).not.toMatch(/of-the-client|smuggled|20200101|UNSIGNED|X-Amz-Anything|vpc-1/);
});

test('its Authorization goes on under the name of forwardAuthorizationAs, which nobody else can use', async () => {
  await stack.request({ target: '/renamed', headers: OWN });
  expect(upstream.last().all('x-client-authorization')).toEqual(['Bearer of-the-client']);
  expect(verified().isValid).toBe(true);
  await stack.request({ target: '/renamed', headers: [['X-Client-Authorization', 'forged']] });
  expect(upstream.last().all('x-client-authorization')).toEqual([]);
});

test('a presigned query is left out', async () => {
  await stack.request({ target: '/signed?a=1&X-Amz-Signature=abc&X-Amz-Algorithm=x&x-amz-credential=y' });
  expect(upstream.last().url).toBe('/base/signed?own=1%202&a=1');
  expect(verified().isValid).toBe(true);
});

test('an API key and a signature go together', async () => {
  await stack.request({ target: '/key', headers: [['X-Api-Key', 'of-the-client']] });
  expect(upstream.last().all('x-api-key')).toEqual(['the-key']);
  expect(verified().isValid).toBe(true);
});

test('without AWS_IAM everything of the client goes on, its query as it was sent', async () => {
  await stack.request({ target: '/unsigned?a=+&X-Amz-Signature=abc', headers: OWN });
  expect(upstream.last().url).toBe('/unsigned?a=+&X-Amz-Signature=abc');
  for (const [name, value] of OWN) expect(upstream.last().all(name.toLowerCase())).toEqual([value]);
});
