import type { GatewayResponse } from '../http/gateway-response';
import type { ErrorDialect } from './catalogue';
import { catalogueEntry } from './catalogue';
import type { LambdaProxyError } from './lambda-proxy-error';

/** The status that an error gives the client (or, for a client that left, the log). */
export function errorStatus(error: LambdaProxyError, dialect: ErrorDialect, unhandledStatus: number): number {
  const { status } = catalogueEntry(error.code);
  if (status === 'unhandledStatus') return unhandledStatus;
  return typeof status === 'number' ? status : status[dialect];
}

/**
 * The answer to a failed request: a short JSON message and nothing of what is behind the gateway.
 *
 * REST APIs put a space after the colon, HTTP APIs do not (recorded: 36 and 35 bytes for an internal error). REST APIs
 * name the kind of error in `x-amzn-ErrorType`.
 */
export function errorResponse(
  error: LambdaProxyError,
  dialect: ErrorDialect,
  unhandledStatus: number,
): GatewayResponse {
  const { message, retryAfter } = catalogueEntry(error.code);
  const status = errorStatus(error, dialect, unhandledStatus);
  const text = JSON.stringify(message[dialect]);
  return {
    status,
    headers: [
      ['Content-Type', ['application/json']],
      ...(dialect === 'rest' && status >= 500
        ? ([['x-amzn-ErrorType', ['InternalServerErrorException']]] as const)
        : []),
      ...(retryAfter === undefined ? [] : ([['Retry-After', [String(retryAfter)]]] as const)),
    ],
    body: Buffer.from(dialect === 'rest' ? `{"message": ${text}}` : `{"message":${text}}`),
  };
}
