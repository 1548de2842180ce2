/** One run of a function, as the server has it. */
export interface Invocation {
  readonly requestId: string;
  readonly version: string;
  readonly invokedFunctionArn: string;
  /** JSON text. */
  readonly event: string;
  /** Seconds. */
  readonly timeout: number;
  /** JSON text. */
  readonly clientContext: string | undefined;
  readonly traceId: string | undefined;
}

/** The invocation ended with an error. */
export interface InvocationFailure {
  readonly failed: true;
  /** JSON text: `errorType`, `errorMessage`. */
  readonly payload: string;
}

/** How an invocation ended. */
export type InvocationOutcome =
  | InvocationFailure
  | {
      readonly failed: false;
      /** What the function returned, as JSON text; undefined when it streams, for then its output was read already. */
      readonly payload: string | undefined;
    };
