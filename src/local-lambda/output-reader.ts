/** The caller's side of an invocation: takes what a streaming handler writes, as it is written. */
export interface OutputReader {
  /** @param taken To be called once more can be taken; the function waits for it when it is too far ahead. */
  take(bytes: Uint8Array, taken: () => void): void;
  /** Aborted when nobody reads any more. */
  readonly gone: AbortSignal;
}
