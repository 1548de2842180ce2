import type { IncomingHttpHeaders } from 'node:http';
import { invalidParameterValue, invalidRequestContent, requestTooLarge } from './api-errors';
import { limits } from './limits';
import type { RequestBody } from './request-body';

export const invocationTypes = ['RequestResponse', 'Event', 'DryRun'] as const;
const logTypes = ['None', 'Tail'] as const;

export type InvocationType = (typeof invocationTypes)[number];

/** The headers of an Invoke call: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestSyntax */
export interface InvokeParameters<T extends InvocationType> {
  readonly invocationType: T;
  readonly logType: (typeof logTypes)[number];
  /** JSON text. */
  readonly clientContext: string | undefined;
  readonly traceId: string | undefined;
}

/**
 * @param allowedTypes Those that the operation has; the first is the default.
 * @throws {ApiError} `InvalidParameterValueException` or `InvalidRequestContentException`.
 */
export function parseInvokeHeaders<T extends InvocationType>(
  headers: IncomingHttpHeaders,
  allowedTypes: readonly [T, ...T[]],
): InvokeParameters<T> {
  return {
    invocationType: oneOf('InvocationType', allowedTypes, header(headers, 'x-amz-invocation-type')),
    logType: oneOf('LogType', logTypes, header(headers, 'x-amz-log-type')),
    clientContext: decodeClientContext(header(headers, 'x-amz-client-context')),
    traceId: header(headers, 'x-amzn-trace-id'),
  };
}

/**
 * The event's JSON text. A call without a payload gives the function an empty object.
 *
 * @throws {ApiError} `RequestTooLargeException` or `InvalidRequestContentException`.
 */
export function parsePayload(body: RequestBody, invocationType: InvocationType): string {
  const limit = invocationType === 'Event' ? limits.eventPayload : limits.synchronousPayload;
  const size = body.complete ? body.bytes.length : body.size;
  if (!body.complete || size > limit) throw requestTooLarge(size, invocationType, limit);
  if (size === 0) return '{}';
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body.bytes);
    JSON.parse(text);
    return text;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalidRequestContent(`Could not parse request body into json: ${reason}`);
  }
}

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The first of the allowed values is the default. */
function oneOf<T extends string>(name: string, allowed: readonly [T, ...T[]], value: string | undefined): T {
  if (value === undefined) return allowed[0];
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) {
    throw invalidParameterValue(`Value '${value}' of ${name} is not one of ${allowed.join(', ')}`);
  }
  return found;
}

function decodeClientContext(encoded: string | undefined): string | undefined {
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString();
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw invalidRequestContent('Client context must be a valid Base64-encoded JSON object.');
  }
}
