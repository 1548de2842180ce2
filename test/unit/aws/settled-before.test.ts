import { getEventListeners } from 'node:events';
import { settledBefore } from '../../../src/aws/settled-before';

const pending = (): Promise<never> => new Promise(() => undefined);
const reason = new Error('deadline');

test('hands a value on', async () => {
  expect(await settledBefore(Promise.resolve(7), new AbortController().signal)).toBe(7);
});

test('hands a failure on', async () => {
  await expect(settledBefore(Promise.reject(new Error('no')), new AbortController().signal)).rejects.toThrow('no');
});

test('a signal ends the wait with its reason', async () => {
  const controller = new AbortController();
  const waiting = settledBefore(pending(), controller.signal);
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});

test('a signal that fired before wins', async () => {
  await expect(settledBefore(Promise.resolve(7), AbortSignal.abort(reason))).rejects.toBe(reason);
});

test('what fails after the signal escapes nowhere', async () => {
  const escaped: unknown[] = [];
  const onEscape = (thrown: unknown): unknown => escaped.push(thrown);
  process.on('unhandledRejection', onEscape);
  let fail = (): void => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    fail = () => {
      reject(new Error('too late'));
    };
  });
  await expect(settledBefore(late, AbortSignal.abort(reason))).rejects.toBe(reason);
  fail();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', onEscape);
  expect(escaped).toEqual([]);
});

test.each<[name: string, promise: () => Promise<unknown>]>([
  ['a value', () => Promise.resolve()],
  ['a failure', () => Promise.reject(new Error('no'))],
])('after %s no listener stays on the signal, which may outlive many waits', async (_name, promise) => {
  const { signal } = new AbortController();
  await settledBefore(promise(), signal).catch(() => undefined);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});
