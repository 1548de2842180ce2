import type { ErrorCode } from './catalogue';

/**
 * The one error class of the plugin. `message` and `cause` are for the gateway's log only; what the client sees comes
 * from the catalogue by `code`.
 */
export class LambdaProxyError extends Error {
  override readonly name = 'LambdaProxyError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}

/**
 * Turns whatever was thrown into a `LambdaProxyError`; what nobody classified is a fault of our own.
 *
 * @param signal its reason counts where it was aborted: what is thrown then only says that it was
 */
export function toLambdaProxyError(thrown: unknown, signal: Pick<AbortSignal, 'aborted' | 'reason'>): LambdaProxyError {
  if (thrown instanceof LambdaProxyError) return thrown;
  if (signal.aborted && signal.reason instanceof LambdaProxyError) return signal.reason;
  return new LambdaProxyError('INTERNAL', 'unexpected failure', { cause: thrown });
}
