import type { ErrorDialect } from '../errors/catalogue';
import type { GatewayRequest } from '../http/gateway-request';
import type { GatewayResponse } from '../http/gateway-response';

/** The options that shape events and results. */
export interface FormatOptions {
  /** The function sees `/` and, where the path carries it, no query string. */
  readonly ignorePath: boolean;
  /** Name of the stage, `$default` for none. */
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>> | undefined;
  /** Media ranges of request bodies that are always base64. */
  readonly binaryMediaTypes: readonly string[];
  /** Bytes above which a result's body is not parsed just to guess its type. */
  readonly maxJSONParseLength: number;
}

/** One shape of event and result: the only place that knows what a function sees and may return. */
export interface PayloadFormat {
  readonly errorDialect: ErrorDialect;
  /** Whether results describe an answer (status, headers, body); otherwise the payload is the body. */
  readonly isProxyIntegration: boolean;
  /** The function's event, ready for `JSON.stringify`. */
  encode(request: GatewayRequest, options: FormatOptions): unknown;
  /**
   * The function's payload as an HTTP answer.
   * @throws LambdaProxyError `MALFORMED_RESULT`
   */
  decode(payload: Buffer, request: GatewayRequest, options: FormatOptions): GatewayResponse;
}
