import { LambdaProxyError } from '../errors/lambda-proxy-error';

/**
 * A function's own account of its failure. It is for the log; nothing of it reaches the client.
 *
 * @param kind `Handled` or `Unhandled`; for a stream, the error's code
 * @param details what the function or Lambda says of it: `{errorType, errorMessage}` in JSON, or text
 */
export function functionError(kind: string, details: string): LambdaProxyError {
  return new LambdaProxyError('FUNCTION_ERROR', `the function reported an error (${kind})`, {
    cause: describe(details),
  });
}

function describe(details: string): string {
  try {
    const { errorType, errorMessage } = JSON.parse(details) as Record<string, unknown>;
    return [errorType, errorMessage].filter((part) => typeof part === 'string').join(': ');
  } catch {
    return details === '' ? 'without details' : details;
  }
}
