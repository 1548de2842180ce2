import type { EndSignal } from '../http/end-signal';
import { isUnsent } from './connect-failure';
import { settledBefore } from './settled-before';

/** Milliseconds of the longest first pause; it doubles with each attempt. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;

/**
 * Calls until it succeeds, as long as it is certain that nothing was executed: either no byte was sent, or Lambda said
 * that it throttled the call. Everything else (a reset, a 5xx, a deadline) may have run the function.
 *
 * @param call one attempt
 * @param signal ends the pauses too
 * @throws the last attempt's error
 */
export function withAttempts<T>(maxAttempts: number, signal: EndSignal, call: () => Promise<T>): Promise<T> {
  return maxAttempts === 1 ? call() : attempts(maxAttempts, signal, call);
}

async function attempts<T>(maxAttempts: number, signal: EndSignal, call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt >= maxAttempts || !(isUnsent(error) || isThrottledByLambda(error))) throw error;
      await sleep(pauseAfter(attempt), signal);
    }
  }
}

/** @throws the signal's reason */
async function sleep(ms: number, signal: EndSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const slept = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await settledBefore(slept, signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Between nothing and twice as much each time, so that clients who failed together do not come back together. */
function pauseAfter(attempt: number): number {
  return Math.random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1));
}

/** What stands before Lambda may say 429 as well, in its own words, and for its own reasons. */
function isThrottledByLambda(thrown: unknown): boolean {
  return isThrottled(thrown) && '$fault' in (thrown as object);
}

/** Whether Lambda, or what stands before it, said that it did not take the call on. */
export function isThrottled(thrown: unknown): boolean {
  const { $metadata } = (thrown ?? {}) as { readonly $metadata?: { readonly httpStatusCode?: number } };
  return $metadata?.httpStatusCode === 429;
}
