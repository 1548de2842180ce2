import type { ServerResponse } from 'node:http';
import { sendAnswer } from './http-answer';

interface ApiErrorShape {
  readonly status: number;
  /** Name of the exception, for `X-Amzn-ErrorType`: the SDK makes it the error's `name`. */
  readonly type: string;
  readonly message: string;
  /** The API model spells this member differently from one exception to the next. */
  readonly messageMember?: 'message' | 'Message';
  readonly fault?: 'User' | 'Service';
}

/** A call that the Lambda API refuses: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors */
export class ApiError extends Error {
  readonly status: number;
  readonly type: string;
  readonly body: Readonly<Record<string, string>>;

  constructor(shape: ApiErrorShape) {
    super(shape.message);
    this.name = 'ApiError';
    this.status = shape.status;
    this.type = shape.type;
    this.body = { Type: shape.fault ?? 'User', [shape.messageMember ?? 'message']: shape.message };
  }
}

/** @param functionArn With the qualifier, if the call had one. */
export function functionNotFound(functionArn: string): ApiError {
  const message = `Function not found: ${functionArn}`;
  return new ApiError({ status: 404, type: 'ResourceNotFoundException', message, messageMember: 'Message' });
}

/** The payload is not JSON, or the client context is not what it must be. */
export function invalidRequestContent(message: string): ApiError {
  return new ApiError({ status: 400, type: 'InvalidRequestContentException', message });
}

/** @param bytes Size of the payload, as far as it is known. */
export function requestTooLarge(bytes: number, invocationType: string, limit: number): ApiError {
  const message = `${bytes} byte payload is too large for the ${invocationType} invocation type (limit ${limit} bytes)`;
  return new ApiError({ status: 413, type: 'RequestTooLargeException', message });
}

export function invalidParameterValue(message: string): ApiError {
  return new ApiError({ status: 400, type: 'InvalidParameterValueException', message });
}

/** A part of the request breaks its pattern in the API model. */
export function validationError(value: string, member: string, pattern: string): ApiError {
  const constraint = `Member must satisfy regular expression pattern: ${pattern}`;
  const message = `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`;
  return new ApiError({ status: 400, type: 'ValidationException', message });
}

/** What AWS endpoints answer to a path or a method they do not have. */
export function unknownRoute(): ApiError {
  const message = 'Missing Authentication Token';
  return new ApiError({ status: 403, type: 'MissingAuthenticationTokenException', message });
}

/** The server itself failed. */
export function serviceError(message: string): ApiError {
  const names = { type: 'ServiceException', messageMember: 'Message', fault: 'Service' } as const;
  return new ApiError({ status: 500, message, ...names });
}

/** Answers with the error as the service words it. */
export function sendApiError(response: ServerResponse, requestId: string, error: ApiError): void {
  sendAnswer(response, {
    status: error.status,
    headers: { 'x-amzn-RequestId': requestId, 'X-Amzn-ErrorType': error.type },
    body: JSON.stringify(error.body),
  });
}
