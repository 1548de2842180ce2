import { type Stack, startStack } from '../../support/stack';
import { forwarding } from './support/routes';
import { startUpstream, type Upstream } from './support/upstream';

let upstream: Upstream;
let stack: Stack;
beforeAll(async () => {
  upstream = await startUpstream();
  stack = await startStack({
    plain: forwarding(upstream.url),
    below: forwarding(`${upstream.url}/prod/base/?key=1&flag`),
    stripped: forwarding(`${upstream.url}/prod`, { stripPath: true }),
    fixed: forwarding(`${upstream.url}/prod/users?a=%20`, { ignorePath: true }),
    told: forwarding(
      upstream.url,
      {},
      {
        before: [
          { 'test-script': { action: { behaviour: 'headers', set: { 'x-tenant': 'one', 'x-role': 'guest' } } } },
        ],
      },
    ),
  });
});
beforeEach(() => {
  upstream.reset();
});
afterAll(async () => {
  await stack.close();
  await upstream.close();
});

test.each([
  ['/plain', '/plain'],
  ['/plain/', '/plain/'],
  ['/plain/a%2Fb/%7Ec/%C3%A9?x=%20&x=+&y', '/plain/a%2Fb/%7Ec/%C3%A9?x=%20&x=+&y'],
  ['/plain//a/./b/../c', '/plain//a/./b/../c'],
  ['/plain/;a=1,b:c@d!$&\'()*="|', '/plain/;a=1,b:c@d!$&\'()*="|'],
  ['/plain?', '/plain'],
  ['/plain?a=?b#c', '/plain?a=?b'],
  ['/plain?http://example.com/', '/plain?http://example.com/'],
  ['http://elsewhere.example/plain/x?y', '/plain/x?y'],
  ['/below/x?b=2', '/prod/base/below/x?key=1&flag&b=2'],
  ['/below', '/prod/base/below?key=1&flag'],
  ['/stripped/a%2Fb/c?d', '/prod/a%2Fb/c?d'],
  ['/stripped//evil.example/x', '/prod//evil.example/x'],
  ['/stripped', '/prod'],
  ['/fixed/whatever?b=2', '/prod/users?a=%20&b=2'],
])('%s goes to %s', async (target, expected) => {
  expect((await stack.request({ target })).statusCode).toBe(200);
  expect(upstream.last().url).toBe(expected);
});

test.each(['/stripped/../admin', '/below/../../admin', '/below/%2e%2e/%2e%2e/admin', '/below/..%2f..%2fadmin'])(
  '%s, which leads out of the path of functionUrl, is refused and goes nowhere',
  async (target) => {
    const response = await stack.request({ target });
    expect([response.statusCode, response.body.toString()]).toEqual([400, '{"message":"Bad Request"}']);
    expect(stack.gateway.log.at(-1)).toMatch(/lambda-proxy PATH_REFUSED status=400 .*attempts=0/);
    expect(upstream.calls).toHaveLength(0);
  },
);

test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND'])('%s stays %s', async (method) => {
  const response = await stack.request({ method, target: '/plain' });
  expect(response.statusCode).toBe(200);
  expect(upstream.last().method).toBe(method);
});

describe('headers', () => {
  const sent = () => {
    const { rawHeaders } = upstream.last();
    return rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${rawHeaders[i + 1] ?? ''}`] : []));
  };

  test('the host is that of the target, the one that was asked for is in X-Forwarded-Host', async () => {
    await stack.request({ target: '/plain', headers: [['Host', 'api.example.com:8080']] });
    expect(upstream.last().all('host')).toEqual([`127.0.0.1:${upstream.port}`]);
    expect(upstream.last().all('x-forwarded-host')).toEqual(['api.example.com:8080']);
  });

  test("the client's own keep their spelling, lines and order; cookies are one line", async () => {
    await stack.request({
      target: '/plain',
      headers: [
        ['x-lower', '1'],
        ['X-UPPER', 'a'],
        ['X-Upper', 'b'],
        ['Cookie', 'a=1'],
        ['Cookie', 'b=2'],
        ['Accept-Encoding', 'br'],
        ['X-Latin', 'caf\xe9'],
        ['X-Empty', ''],
      ],
    });
    expect(sent()).toEqual(
      expect.arrayContaining([
        'x-lower: 1',
        'X-UPPER: a',
        'X-UPPER: b',
        'Cookie: a=1; b=2',
        'Accept-Encoding: br',
        'X-Latin: caf\xe9',
        'X-Empty: ',
      ]),
    );
  });

  test('those of one connection stay there, and what Connection names', async () => {
    await stack.request({
      target: '/plain',
      headers: [
        ['Connection', 'close, X-Private'],
        ['X-Private', 'secret'],
        ['Keep-Alive', 'timeout=5'],
        ['Proxy-Authorization', 'Basic secret'],
        ['Proxy-Connection', 'keep-alive'],
        ['TE', 'trailers'],
        ['Trailer', 'X-Later'],
        ['Upgrade', 'h2c'],
        ['HTTP2-Settings', 'AAAA'],
      ],
    });
    expect(sent().join('\n')).not.toMatch(/secret|^(?:keep-alive|proxy-|te:|trailer|upgrade)/im);
    expect(upstream.last().all('connection')).toEqual(['keep-alive']);
  });

  test("what earlier policies say stays, though a client's Connection names it", async () => {
    await stack.request({
      target: '/told',
      headers: [
        ['Connection', 'close, X-Tenant, X-Role, X-Private'],
        ['X-Role', 'admin'],
        ['X-Private', 'secret'],
      ],
    });
    const call = upstream.last();
    expect([call.all('x-tenant'), call.all('x-role'), call.all('x-private')]).toEqual([['one'], ['guest'], []]);
  });

  test('repeated headers and cookies that Connection names are left out like others', async () => {
    await stack.request({
      target: '/plain',
      headers: [
        ['Connection', 'close, X-Twice, Cookie, From'],
        ['X-Twice', 'a'],
        ['X-Twice', 'b'],
        ['Cookie', 'a=1'],
        ['Cookie', 'b=2'],
        ['From', 'one'],
        ['From', 'two'],
      ],
    });
    expect(sent().join('\n')).not.toMatch(/^(?:x-twice|cookie|from)/im);
  });

  test('it is told where the request came from', async () => {
    await stack.request({
      target: '/plain',
      headers: [
        ['X-Forwarded-For', '203.0.113.7'],
        ['X-Forwarded-Proto', 'https'],
        ['X-Forwarded-Host', 'forged.example'],
      ],
    });
    expect(upstream.last().all('x-forwarded-for')).toEqual(['203.0.113.7, 127.0.0.1']);
    expect(upstream.last().all('x-forwarded-proto')).toEqual(['http']);
    expect(upstream.last().all('x-forwarded-port')).toEqual([String(stack.gateway.port)]);
    expect(upstream.last().all('x-forwarded-host')).toEqual(['127.0.0.1']);
  });

  test('a trusted proxy is believed', async () => {
    const trusting = await startStack({ plain: forwarding(upstream.url) }, { trustProxy: true });
    const headers: [string, string][] = [
      ['X-Forwarded-Proto', 'https'],
      ['X-Forwarded-Host', 'api.example.com'],
    ];
    await trusting.request({ target: '/plain', headers });
    expect(upstream.last().all('x-forwarded-proto')).toEqual(['https']);
    expect(upstream.last().all('x-forwarded-host')).toEqual(['api.example.com']);
    await trusting.close();
  });

  test('a trace goes on, one that is none does not, and the answer has what was sent', async () => {
    const trace = 'Root=1-00000000-0123456789abcdef01234567';
    const response = await stack.request({ target: '/plain', headers: [['X-Amzn-Trace-Id', trace]] });
    expect(upstream.last().all('x-amzn-trace-id')).toEqual([trace]);
    expect(response.all('x-amzn-trace-id')).toEqual([trace]);
    await stack.request({ target: '/plain' });
    expect(upstream.last().all('x-amzn-trace-id')).toEqual([expect.stringMatching(/^Root=1-/)]);
    await stack.request({ target: '/plain', headers: [['X-Amzn-Trace-Id', 'no trace']] });
    expect(upstream.last().all('x-amzn-trace-id')).toEqual([]);
  });
});
