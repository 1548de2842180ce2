import { classifyError } from '../../../src/aws/classify-error';

/** An exception as the SDK throws it for an answer of the service. */
const exception = (name: string, $fault: 'client' | 'server' = 'client'): Error =>
  Object.assign(new Error('of the service'), { name, $fault });

const systemError = (code: string, fields: object = {}): Error => Object.assign(new Error(code), { code, ...fields });

test.each([
  ['TooManyRequestsException', 'THROTTLED'],
  ['ThrottlingException', 'THROTTLED'],
  ['ResourceNotFoundException', 'FUNCTION_NOT_FOUND'],
  ['AccessDeniedException', 'ACCESS_DENIED'],
  ['CredentialsProviderError', 'CREDENTIALS'],
  ['ExpiredTokenException', 'CREDENTIALS'],
  ['RequestTooLargeException', 'REQUEST_TOO_LARGE'],
  ['RequestEntityTooLargeException', 'REQUEST_TOO_LARGE'],
  ['SerializedRequestEntityTooLargeException', 'REQUEST_TOO_LARGE'],
  ['InvalidParameterValueException', 'INVOKE_REFUSED'],
  ['SnapStartTimeoutException', 'INVOKE_REFUSED'],
  ['SomethingNewException', 'INVOKE_REFUSED'],
])('%s is %s', (name, code) => {
  const thrown = exception(name);
  expect(classifyError(thrown)).toMatchObject({ code, cause: thrown });
});

test.each<[name: string, thrown: Error, message: RegExp]>([
  ['a foreign certificate', systemError('DEPTH_ZERO_SELF_SIGNED_CERT'), /see caFile$/],
  ['a proxy that refuses', systemError('UND_ERR_ABORTED', { message: 'Proxy response (407)' }), /see proxyUrl/],
  ['a refused connection', systemError('ECONNREFUSED', { syscall: 'connect' }), /see region, endpoint/],
  ['a reset', systemError('ECONNRESET', { syscall: 'read' }), /^no complete answer from Lambda$/],
  ['an answer that is no answer', new SyntaxError('Unexpected token <'), /^no complete answer from Lambda$/],
])('what never was an answer of Lambda: %s', (_name, thrown, message) => {
  const error = classifyError(thrown);
  expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', cause: thrown });
  expect(error.message).toMatch(message);
});

test.each([undefined, null, 'a text', { name: 'TooManyRequestsException' }])(
  '%p is no error and nobody’s fault but ours',
  (thrown) => {
    expect(classifyError(thrown)).toMatchObject({ code: 'INTERNAL', message: 'the call to Lambda failed' });
  },
);

test('nothing that the service says is in the message, only in the cause', () => {
  const names = ['TooManyRequestsException', 'AccessDeniedException', 'SomethingNewException'];
  expect(names.map((name) => classifyError(exception(name)).message).join()).not.toContain('of the service');
});
