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

/** How it ended. */
export interface InvocationOutcome {
  /** Whether the payload is an error (`errorType`, `errorMessage`) rather than the function's result. */
  readonly failed: boolean;
  /** JSON text. */
  readonly payload: string;
}
