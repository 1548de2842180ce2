import type { ErrorCode } from '../errors/catalogue';
import { LambdaProxyError } from '../errors/lambda-proxy-error';
import { isThrottled } from './attempts';
import { isCertificateFailure, isProxyFailure, isUnsent } from './connect-failure';
import { isIdentityRefused } from './identity-refused';

/**
 * What an error of the SDK means to us, by its name. The names are those of the Invoke API
 * (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors) and those that all AWS services share
 * (https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html).
 */
const CODE_BY_NAME: ReadonlyMap<string, ErrorCode> = new Map([
  ['TooManyRequestsException', 'THROTTLED'],
  ['ThrottlingException', 'THROTTLED'],
  ['ResourceNotFoundException', 'FUNCTION_NOT_FOUND'],
  ['AccessDeniedException', 'ACCESS_DENIED'],
  ['CredentialsProviderError', 'CREDENTIALS'],
  ['RequestTooLargeException', 'REQUEST_TOO_LARGE'],
  ['RequestEntityTooLargeException', 'REQUEST_TOO_LARGE'],
  ['SerializedRequestEntityTooLargeException', 'REQUEST_TOO_LARGE'],
]);

const MESSAGE_BY_CODE: Partial<Record<ErrorCode, string>> = {
  THROTTLED: 'Lambda throttled the call',
  FUNCTION_NOT_FOUND: 'Lambda knows no such function, version or alias',
  ACCESS_DENIED: 'these credentials may not invoke the function',
  CREDENTIALS: 'no usable AWS credentials',
  REQUEST_TOO_LARGE: 'the event is larger than Lambda takes',
  INVOKE_REFUSED: 'Lambda refused the call',
};

/** Turns what the SDK threw into our own error, the original as its cause. */
export function classifyError(thrown: unknown): LambdaProxyError {
  const code = errorCode(thrown);
  if (code === 'UPSTREAM_UNAVAILABLE') return lostCall(thrown, 'region, endpoint');
  return new LambdaProxyError(code, MESSAGE_BY_CODE[code] ?? 'the call to Lambda failed', { cause: thrown });
}

/** The same for a request to an HTTP endpoint, whose answers are no errors whatever they say. */
export function classifyHttpError(thrown: unknown): LambdaProxyError {
  if (thrown instanceof LambdaProxyError) return thrown;
  if ((thrown as NodeJS.ErrnoException | undefined)?.code === 'UND_ERR_INVALID_ARG') {
    return new LambdaProxyError('INTERNAL', 'the request cannot be written as HTTP', { cause: thrown });
  }
  return lostCall(thrown, 'functionUrl');
}

/** @param settings those that say where the call goes */
function lostCall(thrown: unknown, settings: string): LambdaProxyError {
  return new LambdaProxyError('UPSTREAM_UNAVAILABLE', describeLostCall(thrown, settings), { cause: thrown });
}

function errorCode(thrown: unknown): ErrorCode {
  if (!(thrown instanceof Error)) return 'INTERNAL';
  const known = isIdentityRefused(thrown) ? 'CREDENTIALS' : CODE_BY_NAME.get(thrown.name);
  if (known) return known;
  // By any name, as for another attempt.
  if (isThrottled(thrown)) return 'THROTTLED';
  // An exception of the service has a fault; everything else never was an answer of Lambda.
  return '$fault' in thrown && thrown.$fault !== undefined ? 'INVOKE_REFUSED' : 'UPSTREAM_UNAVAILABLE';
}

/** Names the settings that can be at fault. */
function describeLostCall(thrown: unknown, settings: string): string {
  if (isCertificateFailure(thrown)) return 'the certificate of Lambda, or of a proxy, is not trusted; see caFile';
  if (isProxyFailure(thrown)) return 'the outbound proxy refused the connection; see proxyUrl and HTTPS_PROXY';
  if (isUnsent(thrown)) return `no connection to Lambda; see ${settings}, proxyUrl and connectTimeout`;
  return 'no complete answer from Lambda';
}
