import { type LambdaEndpoint, startLambdaEndpoint } from '../../support/lambda-endpoint';
import { startStack } from '../../support/stack';
import { call, connect } from './support';

let lambda: LambdaEndpoint;
beforeAll(async () => {
  lambda = await startLambdaEndpoint();
});
beforeEach(() => {
  lambda.reset();
});
afterAll(() => lambda.close());

/** A promise and how to fulfil it. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

test('no more than maxConnections are opened; as many as maxPending wait, the next is refused at once', async () => {
  const { opened, open } = gate();
  lambda.respondWith({ result: {}, when: opened });
  const connection = connect({ endpoint: lambda.url, maxConnections: 2, maxPending: 3 });
  const accepted = Array.from({ length: 5 }, () => call(connection));
  await lambda.waitFor(2);
  const refused = await call(connection);
  expect(refused.error).toMatchObject({ code: 'OVERLOADED' });
  expect(refused.error?.message).toMatch(/maxConnections and maxPending/);
  expect(refused.attempts).toBe(0);
  expect(lambda.connections()).toBe(2);
  open();
  expect((await Promise.all(accepted)).every(({ result }) => result !== undefined)).toBe(true);
  expect(lambda.totalConnections).toBe(2);
  expect(lambda.invocations).toHaveLength(5);
  expect((await call(connection)).result).toBeDefined();
});

test('a call that gave up while it waited for a connection is never sent', async () => {
  const { opened, open } = gate();
  lambda.respondWith({ result: {}, when: opened });
  const connection = connect({ endpoint: lambda.url, maxConnections: 1 });
  const first = call(connection);
  await lambda.waitFor(1);
  const controller = new AbortController();
  const second = call(connection, {}, controller.signal);
  setImmediate(() => {
    controller.abort(new Error('gone'));
  });
  expect((await second).error?.message).toBe('gone');
  open();
  await first;
  await call(connection);
  expect(lambda.invocations).toHaveLength(2);
});

test('who gave up while waiting makes room at once for another who waits', async () => {
  const { opened, open } = gate();
  lambda.respondWith({ result: {}, when: opened });
  const connection = connect({ endpoint: lambda.url, maxConnections: 1, maxPending: 1 });
  const first = call(connection);
  await lambda.waitFor(1);
  for (let i = 0; i < 3; i += 1) {
    const controller = new AbortController();
    const waiting = call(connection, {}, controller.signal);
    controller.abort(new Error('gone'));
    expect((await waiting).error?.message).toBe('gone');
  }
  const last = call(connection);
  open();
  expect((await Promise.all([first, last])).every(({ result }) => result !== undefined)).toBe(true);
  expect(lambda.invocations).toHaveLength(2);
});

test('the client gets 503 and Retry-After', async () => {
  const stack = await startStack({ busy: { action: { maxConnections: 1, maxPending: 0 } } });
  const { opened, open } = gate();
  stack.lambda.respondWith({ result: { statusCode: 200 }, when: opened });
  const first = stack.request({ target: '/busy' });
  await stack.lambda.waitFor(1);
  const second = await stack.request({ target: '/busy' });
  expect(second.statusCode).toBe(503);
  expect(second.all('retry-after')).toEqual(['1']);
  expect(second.body.toString()).toBe('{"message": "Service Unavailable"}');
  expect(stack.gateway.log.at(-1)).toMatch(/lambda-proxy OVERLOADED status=503 .*attempts=0/);
  open();
  expect((await first).statusCode).toBe(200);
  await stack.close();
});
