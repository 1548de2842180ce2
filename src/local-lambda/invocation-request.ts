import { functionNotFound } from './api-errors';
import type { FunctionCode } from './function-code';
import { parseFunctionName } from './function-name';
import type { Invocation } from './invocation';
import { parseInvokeHeaders, parsePayload } from './invoke-request';
import type { InvocationType } from './invoke-request';
import { localRegion } from './lambda-environment';
import { requestBodyLimit } from './limits';
import type { LocalFunctions } from './local-functions';
import { readBody } from './request-body';
import type { Exchange } from './router';

/** What a call of the API asks for. */
export interface InvocationRequest<T extends InvocationType> {
  readonly invocationType: T;
  readonly withLog: boolean;
  readonly code: FunctionCode;
  readonly invocation: Invocation;
}

/**
 * Reads and checks a call, up to the point where the function can be run.
 *
 * @param invocationTypes Those that the operation has; the first is the default.
 * @throws {ApiError} As the operation does.
 */
export async function readInvocationRequest<T extends InvocationType>(
  functions: LocalFunctions,
  exchange: Exchange,
  invocationTypes: readonly [T, ...T[]],
): Promise<InvocationRequest<T>> {
  const { requestId, request, pathParameters, query } = exchange;
  const body = await readBody(request, requestBodyLimit);
  const qualifier = query.get('Qualifier') ?? undefined;
  const { name, version, arn } = parseFunctionName(pathParameters.functionName ?? '', qualifier, localRegion());
  const { invocationType, logType, traceId, ...parameters } = parseInvokeHeaders(request.headers, invocationTypes);
  const event = parsePayload(body, invocationType);
  const code = await functions.find(name);
  if (!code) throw functionNotFound(arn);

  // "Lambda passes the ClientContext object to your function for synchronous invocations only."
  const clientContext = invocationType === 'Event' ? undefined : parameters.clientContext;
  const timeout = functions.timeoutOf(name);
  return {
    invocationType,
    withLog: logType === 'Tail',
    code,
    invocation: { requestId, version, invokedFunctionArn: arn, event, timeout, clientContext, traceId },
  };
}
