import type { InvocationReport } from './invocation-log';

/** One invocation that has ended, for whoever watches the server. */
export interface InvocationSummary {
  readonly functionName: string;
  readonly requestId: string;
  /** What the function, or Lambda in its stead, reports as its error: JSON text with `errorType`, `errorMessage`. */
  readonly error: string | undefined;
  readonly report: InvocationReport | undefined;
}
