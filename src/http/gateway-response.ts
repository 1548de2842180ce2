/** A header field with the spelling that goes on the wire and one entry for each line. */
export type ResponseHeader = readonly [name: string, values: readonly string[]];

/** An HTTP answer as a value: what every upstream and every error becomes before it is written. */
export interface GatewayResponse {
  readonly status: number;
  readonly headers: readonly ResponseHeader[];
  /** In one piece, or piece by piece as it comes. A stream that fails throws, and is closed by `return`. */
  readonly body: Buffer | AsyncIterable<Uint8Array>;
}

/** The first value of a header, or undefined. */
export function responseHeader(response: Pick<GatewayResponse, 'headers'>, lowerName: string): string | undefined {
  return response.headers.find(([name]) => name.toLowerCase() === lowerName)?.[1][0];
}

/** Whether an answer has a body at all (RFC 9110, section 6.4.1). */
export function mayHaveBody(method: string, status: number): boolean {
  return method !== 'HEAD' && status !== 204 && status !== 304;
}
