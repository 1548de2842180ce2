import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LambdaScript } from '../../support/lambda-endpoint';
import { buildRequest, RawClient } from '../../support/raw-client';
import { type Stack, startStack } from '../../support/stack';
import { startFakeSts } from './fake-sts';

/** Long enough for everything that a test does meanwhile, on a machine that is busy. */
const TIMEOUT = 3_000;

/** Something that holds a request up, and lets it go on to a call that is never answered. */
interface Stage {
  /** Settings of the request's route beside its timeout. */
  readonly action: Readonly<Record<string, unknown>>;
  /** Sends the request and waits until it is held up. */
  begin(stack: Stack, target: string): Promise<Held>;
}

interface Held {
  /** Status of the answer. */
  readonly status: Promise<number>;
  release(): unknown;
}

const HANG: LambdaScript = { fault: 'hang' };
const THROTTLED: LambdaScript = { apiError: { name: 'TooManyRequestsException', status: 429 } };

/** A promise and how to fulfil it. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

const send = async (stack: Stack, target: string): Promise<number> => (await stack.request({ target })).statusCode;

const stages: Readonly<Record<string, Stage>> = {
  "the request's body": {
    action: {},
    begin: async (stack, target) => {
      const client = await RawClient.connect(stack.gateway);
      const [first, rest] = ['one half, ', 'the other'];
      const headers: [string, string][] = [['Content-Length', String(first.length + rest.length)]];
      await client.send(buildRequest({ method: 'POST', target, headers, body: first, contentLength: false }));
      const status = client.read().then(({ statusCode }) => {
        client.destroy();
        return statusCode;
      });
      stack.lambda.respondWith(HANG);
      return { status, release: () => client.send(rest) };
    },
  },
  'a place among the connections': {
    action: { maxConnections: 1 },
    begin: async (stack, target) => {
      const { opened, open } = gate();
      stack.lambda.respondWith({ result: { statusCode: 200 }, when: opened });
      const occupant = send(stack, '/occupant');
      await stack.lambda.waitFor(1);
      stack.lambda.respondWith(HANG);
      return { status: send(stack, target), release: () => (open(), occupant) };
    },
  },
  'an attempt that was throttled': {
    action: { maxAttempts: 2 },
    begin: async (stack, target) => {
      const { opened, open } = gate();
      stack.lambda.respondWith(({ functionName }) =>
        functionName === 'held' && stack.lambda.invocations.length === 1 ? { ...THROTTLED, when: opened } : HANG,
      );
      const status = send(stack, target);
      await stack.lambda.waitFor(1);
      return { status, release: open };
    },
  },
  "the answer's body": {
    action: {},
    begin: async (stack, target) => {
      const { opened, open } = gate();
      const half: LambdaScript = { http: { status: 200, body: [{ bytes: '{' }, { then: 'hang' }] }, when: opened };
      stack.lambda.respondWith(({ functionName }) => (functionName === 'held' ? half : HANG));
      const status = send(stack, target);
      await stack.lambda.waitFor(1);
      return { status, release: open };
    },
  },
};

// A request that starts later on a route with the same timeout is the clock: whoever began first has to end first, however
// often something began anew in between.
test.each(Object.entries(stages))('%s is within the one deadline of the request', async (_name, stage) => {
  const stack = await startStack({
    held: { action: { ...stage.action, timeout: TIMEOUT } },
    occupant: { action: { ...stage.action, timeout: 60_000 } },
    clock: { action: { timeout: TIMEOUT } },
  });
  const held = await stage.begin(stack, '/held');
  await sleep(100);
  const clock = send(stack, '/clock');
  await sleep(100);
  await held.release();
  expect(await Promise.all([held.status, clock])).toEqual([504, 504]);
  const ended = stack.gateway.log.filter((line) => line.includes('TIMEOUT status=504'));
  expect(ended.map((line) => /function="(\w+)"/.exec(line)?.[1])).toEqual(['held', 'clock']);
  await stack.close();
});

test('so are credentials: the answer does not wait for them, and nothing is sent', async () => {
  const sts = await startFakeSts(() => 3_600_000);
  sts.stall();
  const assumeRole = { roleArn: 'arn:aws:iam::123456789012:role/stalled', stsEndpoint: sts.url };
  const stack = await startStack({ stalled: { action: { assumeRole, timeout: TIMEOUT } } });
  expect(await send(stack, '/stalled')).toBe(504);
  expect(stack.gateway.log.at(-1)).toMatch(/TIMEOUT status=504 .*attempts=0 phase="credentials"/);
  expect(stack.lambda.invocations).toHaveLength(0);
  await stack.close();
  await sts.close();
});

describe('an endpoint that accepts connections and says nothing', () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
  let endpoint: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    endpoint = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    silent.close();
    sockets.forEach((socket) => socket.destroy());
  });

  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'test-secret' };

  test.each([
    ['connectTimeout', { connectTimeout: 200, timeout: 60_000 }, 500, /UPSTREAM_UNAVAILABLE .*phase="connect"/],
    ['timeout', { connectTimeout: 60_000, timeout: 200 }, 504, /TIMEOUT .*no answer within 200 ms/],
  ])('%s ends it, whichever is shorter', async (_name, action, status, line) => {
    const stack = await startStack({ silent: { action: { ...action, endpoint, credentials } } });
    expect(await send(stack, '/silent')).toBe(status);
    expect(stack.gateway.log.at(-1)).toMatch(line);
    await stack.close();
  });

  test('connectTimeout is for each attempt, and another attempt is safe', async () => {
    const action = { connectTimeout: 100, timeout: 60_000, maxAttempts: 3 };
    const stack = await startStack({ silent: { action: { ...action, endpoint, credentials } } });
    expect(await send(stack, '/silent')).toBe(500);
    expect(stack.gateway.log.at(-1)).toMatch(/UPSTREAM_UNAVAILABLE .*attempts=3 phase="connect"/);
    await stack.close();
  });
});

test('the clock runs while earlier policies take their time; nothing is begun when they took all of it', async () => {
  const before = [{ 'test-script': { action: { behaviour: 'delay', ms: 2 * TIMEOUT } } }];
  const stack = await startStack({ late: { before, action: { timeout: TIMEOUT } } });
  expect(await send(stack, '/late')).toBe(504);
  expect(stack.gateway.log.at(-1)).toMatch(/TIMEOUT status=504 .*attempts=0/);
  expect(stack.lambda.invocations).toHaveLength(0);
  await stack.close();
});
