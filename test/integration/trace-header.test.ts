import { type Stack, startStack } from '../support/stack';

const TRACE = 'Root=1-65a1b2c3-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=1';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    v1: {},
    v2: { action: { payloadFormatVersion: '2.0' } },
    streamed: { action: { invokeMode: 'RESPONSE_STREAM' } },
  });
});
beforeEach(() => {
  stack.lambda.reset();
});
afterAll(() => stack.close());

const inEvent = (): unknown => {
  const { headers } = stack.lambda.last().event;
  return headers['X-Amzn-Trace-Id'] ?? headers['x-amzn-trace-id'];
};

test.each(['/v1', '/v2'])(
  "the client's is in the event, on the call to Lambda and on the answer: %s",
  async (target) => {
    const response = await stack.request({ target, headers: [['x-amzn-trace-id', TRACE]] });
    expect([inEvent(), stack.lambda.last().headers['x-amzn-trace-id'], response.all('x-amzn-trace-id')]).toEqual([
      TRACE,
      TRACE,
      [TRACE],
    ]);
  },
);

test('without one a new one is in all three places, another one each time', async () => {
  const seen = new Set<unknown>();
  for (let i = 0; i < 3; i += 1) {
    const response = await stack.request({ target: '/v1' });
    const [answered] = response.all('x-amzn-trace-id');
    expect(answered).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect([inEvent(), stack.lambda.last().headers['x-amzn-trace-id']]).toEqual([answered, answered]);
    seen.add(answered);
  }
  expect(seen.size).toBe(3);
});

test('what is no trace id reaches the function, and not the call to Lambda', async () => {
  const response = await stack.request({ target: '/v1', headers: [['X-Amzn-Trace-Id', 'Root=\xe4 whatever']] });
  expect([response.statusCode, inEvent()]).toEqual([200, 'Root=\xe4 whatever']);
  expect(stack.lambda.last().headers['x-amzn-trace-id']).toBeUndefined();
});

test('a streamed call carries it too', async () => {
  stack.lambda.respondWith({ stream: [{ complete: {} }] });
  await stack.request({ target: '/streamed', headers: [['X-Amzn-Trace-Id', TRACE]] });
  expect(stack.lambda.last().headers['x-amzn-trace-id']).toBe(TRACE);
});
