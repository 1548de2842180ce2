/**
 * Waits for a promise, but no longer than a signal lets it.
 * @throws the signal's reason, or what the promise rejects with
 */
export function settledBefore<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const settle =
      <V>(how: (value: V) => void) =>
      (value: V): void => {
        signal.removeEventListener('abort', onAbort);
        how(value);
      };
    promise.then(settle(resolve), settle(reject));
  });
}
