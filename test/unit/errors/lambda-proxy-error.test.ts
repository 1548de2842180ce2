import { ConfigurationError } from '../../../src/errors/configuration-error';
import { LambdaProxyError, toLambdaProxyError } from '../../../src/errors/lambda-proxy-error';

test('has a name, a code, a message and a cause', () => {
  const cause = new Error('why');
  const error = new LambdaProxyError('TIMEOUT', 'too late', { cause });
  expect(error).toBeInstanceOf(Error);
  expect([error.name, error.code, error.message, error.cause]).toEqual([
    'LambdaProxyError',
    'TIMEOUT',
    'too late',
    cause,
  ]);
});

const open = (): AbortSignal => new AbortController().signal;
const timeout = new LambdaProxyError('TIMEOUT', 'too late');

test.each([
  ['open', open()],
  ['aborted', AbortSignal.abort(timeout)],
])('a classified error stays the one it is; the signal is %s', (_name, signal) => {
  const error = new LambdaProxyError('THROTTLED', 'slow down');
  expect(toLambdaProxyError(error, signal)).toBe(error);
});

test('what an abort makes others throw is the reason of the abort', () => {
  const thrown = new DOMException('aborted', 'AbortError');
  expect(toLambdaProxyError(thrown, AbortSignal.abort(timeout))).toBe(timeout);
});

test('an abort without a reason of ours explains nothing', () => {
  const thrown = new Error('a');
  expect(toLambdaProxyError(thrown, AbortSignal.abort())).toMatchObject({ code: 'INTERNAL', cause: thrown });
});

test.each([
  new Error('a'),
  new TypeError('b'),
  new ConfigurationError('c'),
  'text',
  42,
  null,
  undefined,
  { code: 'THROTTLED' },
])('whatever else was thrown is a fault of our own: %p', (thrown) => {
  const error = toLambdaProxyError(thrown, open());
  expect(error).toBeInstanceOf(LambdaProxyError);
  expect([error.code, error.message]).toEqual(['INTERNAL', 'unexpected failure']);
  expect(error.cause).toBe(thrown);
});
