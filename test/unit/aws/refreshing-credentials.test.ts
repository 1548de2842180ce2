import { refreshingCredentials } from '../../../src/aws/refreshing-credentials';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});
afterEach(() => {
  jest.useRealTimers();
});

/** A source that hands out numbered keys, valid for `lifetime`, and fails where `fails` says so. */
function source(lifetime: number, fails: (count: number) => boolean = () => false) {
  let count = 0;
  const provider = refreshingCredentials(() => {
    count += 1;
    if (fails(count)) return Promise.reject(new Error(`failure ${count}`));
    const validity = lifetime === Infinity ? {} : { expiration: new Date(Date.now() + lifetime) };
    return Promise.resolve({ accessKeyId: `key ${count}`, secretAccessKey: 's', ...validity });
  });
  return { provider, key: async () => (await provider()).accessKeyId, fetches: () => count };
}

/** The background's promises have settled. */
const settled = (): Promise<void> => jest.advanceTimersByTimeAsync(0);

test('everyone who asks while a fetch is on its way waits for the same one', async () => {
  const { key, fetches } = source(Infinity);
  expect(await Promise.all([key(), key(), key()])).toEqual(['key 1', 'key 1', 'key 1']);
  expect(fetches()).toBe(1);
});

test('keys without an end are kept', async () => {
  const { key, fetches } = source(Infinity);
  await key();
  jest.setSystemTime(1_000_000 * MINUTE);
  expect(await key()).toBe('key 1');
  expect(fetches()).toBe(1);
});

// Five minutes ahead, or a fifth of their life where that is shorter.
test.each([
  [60 * MINUTE, 55 * MINUTE],
  [15 * MINUTE, 12 * MINUTE],
  [10 * SECOND, 8 * SECOND],
])('keys that live %d ms are renewed in the background from %d ms on', async (lifetime, refreshFrom) => {
  const { key, fetches } = source(lifetime);
  await key();
  jest.setSystemTime(refreshFrom - 1);
  expect(await key()).toBe('key 1');
  expect(fetches()).toBe(1);
  jest.setSystemTime(refreshFrom);
  expect(await key()).toBe('key 1');
  await settled();
  expect(await key()).toBe('key 2');
  expect(fetches()).toBe(2);
});

test('expired keys are never handed out', async () => {
  const { key } = source(MINUTE);
  await key();
  jest.setSystemTime(MINUTE);
  expect(await key()).toBe('key 2');
});

test('a failure in the background is nobody’s, and the next request tries again', async () => {
  const { key, fetches } = source(MINUTE, (count) => count === 2);
  await key();
  jest.setSystemTime(50 * SECOND);
  expect(await key()).toBe('key 1');
  await settled();
  expect(await key()).toBe('key 1');
  await settled();
  expect(await key()).toBe('key 3');
  expect(fetches()).toBe(3);
});

test('a failure without keys that hold is that of all who wait, and is not remembered', async () => {
  const { key, fetches } = source(MINUTE, (count) => count === 1);
  const [one, other] = await Promise.allSettled([key(), key()]);
  expect([one, other]).toMatchObject([{ reason: { message: 'failure 1' } }, { reason: { message: 'failure 1' } }]);
  expect(await key()).toBe('key 2');
  expect(fetches()).toBe(2);
});

test('forceRefresh fetches anew, once for all who ask for it', async () => {
  const { provider, key, fetches } = source(Infinity);
  await key();
  const renewed = await Promise.all([provider({ forceRefresh: true }), provider({ forceRefresh: true })]);
  expect(renewed.map(({ accessKeyId }) => accessKeyId)).toEqual(['key 2', 'key 2']);
  expect(await key()).toBe('key 2');
  expect(fetches()).toBe(2);
});
