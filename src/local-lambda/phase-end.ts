import type { Invocation, InvocationOutcome } from './invocation';
import { limits } from './limits';
import { exited, outOfMemory, resultTooLarge, timedOut } from './platform-errors';
import type { EndMessage, ReadyMessage } from './worker-protocol';

/** How a phase of the worker's life (loading the module, one invocation) came to its end. */
export type PhaseEnd =
  | EndMessage
  | { readonly type: 'exit'; readonly exitCode: number }
  | { readonly type: 'out-of-memory' }
  | { readonly type: 'timeout' };

export type InvocationEnd = Exclude<PhaseEnd, ReadyMessage>;

/** After an error that nobody caught the worker exits by itself; it must not get another invocation meanwhile. */
export function leavesWorkerUsable(end: InvocationEnd): boolean {
  return end.type === 'result' || end.type === 'streamed' || (end.type === 'error' && !end.fatal);
}

/** What the caller gets. */
export function outcomeOf(end: InvocationEnd, invocation: Invocation): InvocationOutcome {
  switch (end.type) {
    case 'streamed':
      return { failed: false, payload: undefined };
    case 'result':
      return isTooLarge(end.payload) ? resultTooLarge() : { failed: false, payload: end.payload };
    case 'error':
    case 'init-error':
      return isTooLarge(end.payload) ? resultTooLarge() : { failed: true, payload: end.payload };
    case 'timeout':
      return timedOut(invocation.requestId, invocation.timeout);
    case 'out-of-memory':
      return outOfMemory(invocation.requestId);
    case 'exit':
      return exited(invocation.requestId, end.exitCode);
  }
}

function isTooLarge(payload: string): boolean {
  return Buffer.byteLength(payload) > limits.result;
}
