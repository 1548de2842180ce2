import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LambdaEndpoint, startLambdaEndpoint } from '../../support/lambda-endpoint';
import { gatewayOptions, startStack } from '../../support/stack';
import { call, connect } from './support';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let lambda: LambdaEndpoint;
beforeEach(async () => {
  lambda = await startLambdaEndpoint();
});
afterEach(() => lambda.close());

/**
 * The collector says neither when nor in which order: it gets a number of runs, not a time, which would be the machine's.
 * Connections close by themselves after 20 seconds only.
 */
async function untilAtMost(endpoint: LambdaEndpoint, count: number): Promise<void> {
  for (let run = 0; run < 100 && endpoint.connections() > count; run += 1) {
    collectGarbage();
    await sleep(20);
  }
  expect(endpoint.connections()).toBeLessThanOrEqual(count);
}

test('equal settings share a connection, others do not', () => {
  const one = connect({ endpoint: lambda.url });
  expect(connect({ endpoint: lambda.url })).toBe(one);
  expect(connect({ endpoint: lambda.url, connectTimeout: 60_001 })).not.toBe(one);
});

test('a connection that nobody holds any more is closed; one in use is not', async () => {
  const kept = connect({ endpoint: lambda.url });
  await call(kept);
  await (async () => {
    const others = [60_001, 60_002, 60_003].map((connectTimeout) => connect({ endpoint: lambda.url, connectTimeout }));
    await Promise.all(others.map((other) => call(other)));
    expect(lambda.connections()).toBe(4);
    // Held until here.
    expect(new Set(others).size).toBe(3);
  })();
  await untilAtMost(lambda, 1);
  expect((await call(kept)).result).toBeDefined();
  expect([lambda.connections(), lambda.totalConnections]).toEqual([1, 4]);
});

test('a call in flight is not disturbed, though nobody but the call holds its connection', async () => {
  let open = (): void => undefined;
  lambda.respondWith({ result: {}, when: new Promise<void>((resolve) => (open = resolve)) });
  const outcome = call(connect({ endpoint: lambda.url }));
  await lambda.waitFor(1);
  for (let i = 0; i < 10; i += 1) {
    collectGarbage();
    await sleep(10);
  }
  open();
  expect(await outcome).toMatchObject({ result: {}, attempts: 1 });
  expect(lambda.invocations).toHaveLength(1);
  await untilAtMost(lambda, 0);
});

test('fifty reloads under load lose no request, run none twice, and leave no connection behind', async () => {
  const routes = (connectTimeout: number) => ({ loaded: { action: { connectTimeout } } });
  const stack = await startStack(routes(60_000));
  let isOver = false;
  let sent = 0;
  const statuses = new Set<number>();
  const client = async (): Promise<void> => {
    while (!isOver) {
      sent += 1;
      statuses.add((await stack.request({ target: '/loaded' })).statusCode);
    }
  };
  const clients = Array.from({ length: 4 }, client);
  for (let reload = 1; reload <= 50; reload += 1) {
    expect(await stack.gateway.reload(gatewayOptions(routes(60_000 + reload)))).toBe('completed');
  }
  isOver = true;
  await Promise.all(clients);
  expect([...statuses]).toEqual([200]);
  expect(stack.lambda.invocations).toHaveLength(sent);
  // Those of the last configuration, one for each client.
  await untilAtMost(stack.lambda, 4);
  await stack.close();
});

test('after a refused reload the old configuration serves on, over its connection', async () => {
  const stack = await startStack({ kept: {} });
  await stack.request({ target: '/kept' });
  expect(await stack.gateway.reload(gatewayOptions({ kept: { action: { maxAttempts: 99 } } }))).toBe('refused');
  collectGarbage();
  await sleep(50);
  collectGarbage();
  expect((await stack.request({ target: '/kept' })).statusCode).toBe(200);
  expect(stack.lambda.totalConnections).toBe(1);
  await stack.close();
});
