/** Bytes, from https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const limits = {
  /** Payload of an invocation whose caller waits (`RequestResponse`, `DryRun`). */
  synchronousPayload: 6_291_456,
  /** Payload of an invocation whose caller does not wait (`Event`). */
  eventPayload: 1_048_576,
  /** Result of a function; the service says so in its error message. */
  result: 6_291_556,
  /** Part of an invocation's log that `X-Amz-Log-Result` carries. */
  logTail: 4_096,
} as const;

/**
 * Bytes of a request body that the server takes into memory. Somewhat above what any payload may have, so that a payload
 * barely too large is answered with its exact size.
 */
export const requestBodyLimit = limits.synchronousPayload + 65_536;
