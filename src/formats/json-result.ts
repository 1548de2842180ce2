import { LambdaProxyError } from '../errors/lambda-proxy-error';

export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws LambdaProxyError `MALFORMED_RESULT` when the payload is not JSON */
export function parseResult(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    throw malformed('it is not JSON');
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function malformed(why: string): LambdaProxyError {
  return new LambdaProxyError('MALFORMED_RESULT', `the function's result is malformed: ${why}`);
}
