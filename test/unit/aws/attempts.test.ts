import { withAttempts } from '../../../src/aws/attempts';

const refused = (): Error => Object.assign(new Error('refused'), { code: 'ECONNREFUSED', syscall: 'connect' });
const answered = (httpStatusCode: number): Error => Object.assign(new Error('no'), { $metadata: { httpStatusCode } });
const apiError = (status: number): Error => Object.assign(answered(status), { $fault: 'client' });
const reset = (): Error => Object.assign(new Error('reset'), { code: 'ECONNRESET', syscall: 'read' });

const never = new AbortController().signal;

/** A call that fails in the given ways, one after the other, and then succeeds. */
function failing(...errors: readonly unknown[]): {
  readonly call: () => Promise<number>;
  readonly count: () => number;
} {
  let made = 0;
  const call = (): Promise<number> => {
    made += 1;
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- whatever is thrown must come out again
    return made <= errors.length ? Promise.reject(errors[made - 1]) : Promise.resolve(made);
  };
  return { call, count: () => made };
}

test('a call that succeeds is made once, however many attempts there are', async () => {
  const { call, count } = failing();
  expect(await withAttempts(10, never, call)).toBe(1);
  expect(count()).toBe(1);
});

test.each([
  ['refused connections', [refused(), refused()]],
  ['throttled calls', [apiError(429), apiError(429)]],
  ['one of each', [refused(), apiError(429)]],
])('%s are tried again', async (_name, errors) => {
  const { call } = failing(...errors);
  expect(await withAttempts(3, never, call)).toBe(3);
});

test.each([
  ['a reset', reset()],
  ['a service error', apiError(500)],
  ['a bad gateway', apiError(502)],
  ['too busy, which says nothing of this call', apiError(503)],
  ['a 429 that is not of Lambda', answered(429)],
  ['an error without a status', Object.assign(new Error('odd'), { $metadata: {} })],
  ['no error at all', undefined],
  ['null', null],
  ['a text', '429'],
])('%s may have run the function: never again', async (_name, error) => {
  const { call, count } = failing(error);
  await expect(withAttempts(10, never, call)).rejects.toBe(error);
  expect(count()).toBe(1);
});

test('what may have run the function ends the attempts in the midst of them', async () => {
  const last = reset();
  const { call, count } = failing(refused(), last);
  await expect(withAttempts(10, never, call)).rejects.toBe(last);
  expect(count()).toBe(2);
});

test('after the last attempt its own error is thrown', async () => {
  const errors = [refused(), refused()] as const;
  const { call, count } = failing(...errors);
  await expect(withAttempts(2, never, call)).rejects.toBe(errors[1]);
  expect(count()).toBe(2);
});

test('a signal ends a pause, and no attempt follows', async () => {
  const controller = new AbortController();
  const { call, count } = failing(refused());
  const result = withAttempts(10, controller.signal, () => {
    controller.abort();
    return call();
  });
  await expect(result).rejects.toThrow();
  expect(count()).toBe(1);
});
