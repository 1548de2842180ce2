import type { EndSignal } from '../http/end-signal';

/**
 * Waits for a promise, but no longer than a signal lets it.
 * @throws the signal's reason, or what the promise rejects with
 */
export function settledBefore<T>(promise: Promise<T>, signal: EndSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      const reason = signal.reason as Error;
      reject(reason);
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    const settle =
      <V>(how: (value: V) => void) =>
      (value: V): void => {
        signal.removeEventListener('abort', onAbort);
        how(value);
      };
    promise.then(settle(resolve), settle(reject));
  });
}
