import { type Stack, startStack } from '../support/stack';

/** A client that claims to be a proxy in front of somebody else. */
const CLAIMS: [string, string][] = [
  ['X-Forwarded-For', '203.0.113.7, 198.51.100.2'],
  ['X-Forwarded-Proto', 'https'],
  ['X-Forwarded-Port', '443'],
];

const stacks: Stack[] = [];

async function seen(options: Parameters<typeof startStack>[1], headers: [string, string][]) {
  const stack = await startStack({ v1: {}, v2: { action: { payloadFormatVersion: '2.0' } } }, options);
  stacks.push(stack);
  await stack.request({ target: '/v1', headers });
  const one = stack.lambda.last().event;
  await stack.request({ target: '/v2', headers });
  const two = stack.lambda.last().event;
  expect(two.requestContext.http.sourceIp).toBe(one.requestContext.identity.sourceIp);
  const forwarded = ['For', 'Proto', 'Port'].map((name) => one.headers[`X-Forwarded-${name}`]);
  expect(['for', 'proto', 'port'].map((name) => two.headers[`x-forwarded-${name}`])).toEqual(forwarded);
  return { sourceIp: one.requestContext.identity.sourceIp, forwarded, port: String(stack.gateway.port) };
}

afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.close();
});

test('without trust proxy a client is believed nothing; its list is kept in front of its address', async () => {
  const { sourceIp, forwarded, port } = await seen({}, CLAIMS);
  expect(sourceIp).toBe('127.0.0.1');
  expect(forwarded).toEqual(['203.0.113.7, 198.51.100.2, 127.0.0.1', 'http', port]);
});

test('with trust proxy the source address, the protocol and the port are those of the client before the proxy', async () => {
  const { sourceIp, forwarded } = await seen({ trustProxy: true }, CLAIMS);
  expect(sourceIp).toBe('203.0.113.7');
  expect(forwarded).toEqual(['203.0.113.7, 198.51.100.2, 127.0.0.1', 'https', '443']);
});

test('with one trusted hop the source address is the last one that the proxy saw', async () => {
  expect((await seen({ trustProxy: 1 }, CLAIMS)).sourceIp).toBe('198.51.100.2');
});

test('a proxy that is not trusted is a client', async () => {
  const { sourceIp, forwarded } = await seen({ trustProxy: '10.0.0.0/8' }, CLAIMS);
  expect([sourceIp, forwarded[1]]).toEqual(['127.0.0.1', 'http']);
});

test('without such headers they are made', async () => {
  const { forwarded, port } = await seen({}, []);
  expect(forwarded).toEqual(['127.0.0.1', 'http', port]);
});

test('an IPv4 address stays one on a dual-stack socket', async () => {
  const stack = await startStack({ v1: {} }, { hostname: '::' });
  stacks.push(stack);
  await stack.request({ target: '/v1' });
  expect(stack.lambda.last().event.requestContext.identity.sourceIp).toBe('127.0.0.1');
});
