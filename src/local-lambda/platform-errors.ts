import { limits } from './limits';
import type { InvocationFailure } from './invocation';

/**
 * The errors that Lambda reports in a function's stead, for the function itself is gone or not heard. The texts are the
 * service's own.
 */

/** @param seconds The function's timeout. */
export function timedOut(requestId: string, seconds: number): InvocationFailure {
  return failure('Sandbox.Timedout', `RequestId: ${requestId} Error: ${timeoutText(seconds)}`);
}

export function timeoutText(seconds: number): string {
  return `Task timed out after ${seconds.toFixed(2)} seconds`;
}

/** The function ended its process: `process.exit()`. */
export function exited(requestId: string, exitCode: number): InvocationFailure {
  const reason = exitCode === 0 ? 'without providing a reason' : `with error: exit status ${exitCode}`;
  return failure('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited ${reason}`);
}

export function outOfMemory(requestId: string): InvocationFailure {
  return failure('Runtime.OutOfMemory', `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`);
}

export function resultTooLarge(): InvocationFailure {
  return failure(
    'Function.ResponseSizeTooLarge',
    `Response payload size exceeded maximum allowed payload size (${limits.result} bytes).`,
  );
}

function failure(errorType: string, errorMessage: string): InvocationFailure {
  return { failed: true, payload: JSON.stringify({ errorType, errorMessage }) };
}
