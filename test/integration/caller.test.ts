import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Stack, startStack } from '../support/stack';

/** The host's own authentication policies in front of a function, in both formats. */
const SECRET = 'only-for-this-test';
const jwt = (checkCredentialExistence: boolean) => [
  { jwt: { action: { secretOrPublicKey: SECRET, checkCredentialExistence } } },
];

/** A signed token (RFC 7515, HS256). */
function sign(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
}

let stack: Stack;
let introspection: http.Server;
let user: { id: string };
let app: { id: string };
let key: { keyId: string; keySecret: string };
let jwtKey: { keyId: string; keySecret: string };

async function admin<T>(path: string, body: object): Promise<T> {
  const response = await fetch(`${stack.gateway.adminUrl}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

beforeAll(async () => {
  const answer = {
    active: true,
    sub: 'sub-7',
    client_id: 'client-1',
    scope: 'read write',
    username: 'ann',
    access_token: 'leak',
    exp: 4_000_000_000,
  };
  introspection = http.createServer((_req, res) => {
    res.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => introspection.listen(0, '127.0.0.1', resolve));
  const { port } = introspection.address() as AddressInfo;

  const policies = {
    none: [],
    key: [{ 'key-auth': { action: { passThrough: false } } }],
    open: [{ 'key-auth': { action: { passThrough: true } } }],
    basic: [{ 'basic-auth': { action: { passThrough: false } } }],
    jwt: jwt(true),
    claims: jwt(false),
    introspect: [
      {
        'oauth2-introspect': {
          action: { endpoint: `http://127.0.0.1:${port}`, authorization_value: 'x', passThrough: false },
        },
      },
    ],
    // As oauth2 leaves it: the application with the token, whose id is the first half of what the client sends.
    oauth2: [
      {
        'test-script': {
          action: {
            behaviour: 'user',
            value: {
              type: 'application',
              isActive: true,
              id: 'app-9',
              userId: 'user-9',
              name: 'shop',
              token: { id: 'half-a-token', scopes: ['read'] },
            },
          },
        },
      },
    ],
  };
  const routes = Object.entries(policies).flatMap(([name, before]) => {
    const endpoint = { paths: `/${name}`, ...(name === 'key' && { scopes: ['read'] }) };
    return [
      [`${name}-1`, { before, endpoint: { ...endpoint, paths: `/${name}-1` } }],
      [
        `${name}-2`,
        { before, endpoint: { ...endpoint, paths: `/${name}-2` }, action: { payloadFormatVersion: '2.0' } },
      ],
    ];
  });
  stack = await startStack(Object.fromEntries(routes));
  user = await admin('/users', {
    username: 'ann',
    firstname: 'Ann',
    lastname: 'Other',
    email: 'ann@example.com',
    password: 'pw',
  });
  app = await admin('/apps', { userId: user.id, name: 'shop', redirectUri: 'http://shop.example' });
  await admin('/scopes', { scopes: ['read'] });
  key = await admin('/credentials', { consumerId: user.id, type: 'key-auth', credential: { scopes: ['read'] } });
  await admin('/credentials', { consumerId: user.id, type: 'basic-auth', credential: { password: 'pw' } });
  jwtKey = await admin('/credentials', { consumerId: app.id, type: 'jwt', credential: {} });
});
beforeEach(() => {
  stack.lambda.reset();
});
afterAll(async () => {
  await stack.close();
  introspection.close();
});

/** What the function sees of the caller in both formats, and whether anything secret is anywhere in the context. */
async function authorizers(route: string, headers: [string, string][]) {
  const seen: unknown[] = [];
  for (const format of [1, 2]) {
    const { statusCode } = await stack.request({ target: `/${route}-${format}`, headers });
    expect(statusCode).toBe(200);
    const { requestContext } = stack.lambda.last().event;
    expect(JSON.stringify(requestContext)).not.toMatch(/half-a-token|leak|keySecret|\bpw\b|passw|createdAt/);
    seen.push(requestContext.authorizer);
  }
  return seen;
}

test('key-auth: the user, and the scopes that were asked for', async () => {
  const fields = {
    type: 'user',
    id: user.id,
    username: 'ann',
    firstname: 'Ann',
    lastname: 'Other',
    email: 'ann@example.com',
    scopes: 'read',
  };
  const expected = { principalId: user.id, ...fields };
  expect(await authorizers('key', [['Authorization', `apiKey ${key.keyId}:${key.keySecret}`]])).toEqual([
    { ...expected, integrationLatency: 0 },
    { lambda: expected },
  ]);
});

test('basic-auth: the user', async () => {
  const authorization = `Basic ${Buffer.from('ann:pw').toString('base64')}`;
  const expected = { principalId: user.id, username: 'ann', type: 'user' };
  expect(await authorizers('basic', [['Authorization', authorization]])).toMatchObject([
    { ...expected, integrationLatency: 0 },
    { lambda: expected },
  ]);
});

test('jwt of a known credential: its application', async () => {
  const token = sign({ sub: jwtKey.keyId, admin: true });
  const expected = { principalId: app.id, type: 'application', id: app.id, userId: user.id, name: 'shop' };
  expect(await authorizers('jwt', [['Authorization', `Bearer ${token}`]])).toEqual([
    { ...expected, integrationLatency: 0 },
    { lambda: expected },
  ]);
});

test('jwt without a credential: the claims, as text, lists as API Gateway writes them, nulls left out', async () => {
  const token = sign({
    sub: 'someone',
    roles: ['a', 'b'],
    level: 3,
    ok: true,
    none: null,
    deep: { x: 1 },
    scope: 'read write',
  });
  const claims = { sub: 'someone', roles: '[a b]', level: '3', ok: 'true', scope: 'read write' };
  expect(await authorizers('claims', [['Authorization', `Bearer ${token}`]])).toEqual([
    { principalId: 'someone', claims },
    { jwt: { claims, scopes: null } },
  ]);
});

test('an introspected token: its claims, without what is secret', async () => {
  const claims = {
    active: 'true',
    sub: 'sub-7',
    client_id: 'client-1',
    scope: 'read write',
    username: 'ann',
    exp: '4000000000',
  };
  expect(await authorizers('introspect', [['Authorization', 'Bearer opaque']])).toEqual([
    { principalId: 'sub-7', claims },
    { jwt: { claims, scopes: null } },
  ]);
});

test('oauth2: the application, never its token', async () => {
  const expected = { principalId: 'app-9', type: 'application', id: 'app-9', userId: 'user-9', name: 'shop' };
  expect(await authorizers('oauth2', [])).toEqual([{ ...expected, integrationLatency: 0 }, { lambda: expected }]);
});

test.each(['none', 'open'])('an anonymous request has no authorizer: %s', async (route) => {
  expect(await authorizers(route, [])).toEqual([undefined, undefined]);
});

test.each(['none', 'open', 'claims', 'introspect', 'oauth2'])(
  "a client's own eg-consumer-id is not believed: %s",
  async (route) => {
    const token = route === 'claims' ? sign({ sub: 'someone' }) : 'opaque';
    const authorization: [string, string][] = route === 'open' ? [] : [['Authorization', `Bearer ${token}`]];
    for (const format of [1, 2]) {
      await stack.request({ target: `/${route}-${format}`, headers: [...authorization, ['EG-Consumer-Id', 'admin']] });
      expect(JSON.stringify(stack.lambda.last().event)).not.toContain('admin');
    }
  },
);

test("the gateway's own eg-consumer-id reaches the function in place of the client's", async () => {
  const headers: [string, string][] = [
    ['Authorization', `apiKey ${key.keyId}:${key.keySecret}`],
    ['eg-consumer-id', 'admin'],
  ];
  await stack.request({ target: '/key-2', headers });
  expect(stack.lambda.last().event.headers['eg-consumer-id']).toBe(user.id);
});
