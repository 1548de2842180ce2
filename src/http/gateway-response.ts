/** A header field with the spelling that goes on the wire and one entry for each line. */
export type ResponseHeader = readonly [name: string, values: readonly string[]];

/** An HTTP answer as a value: what every upstream and every error becomes before it is written. */
export interface GatewayResponse {
  readonly status: number;
  readonly headers: readonly ResponseHeader[];
  readonly body: Buffer;
}
