import { functionNotFound } from './api-errors';
import { parseFunctionName } from './function-name';
import type { FunctionReference } from './function-name';
import { sendAnswer } from './http-answer';
import type { HttpAnswer } from './http-answer';
import type { Invocation } from './invocation';
import { parseInvokeHeaders, parsePayload } from './invoke-request';
import type { InvokeParameters } from './invoke-request';
import { localRegion } from './lambda-environment';
import { requestBodyLimit } from './limits';
import type { CompletedInvocation, LocalFunctions } from './local-functions';
import { readBody } from './request-body';
import type { Exchange, Route } from './router';

/** The Invoke operation: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function invokeRoute(functions: LocalFunctions, log: (line: string) => void): Route {
  return {
    method: 'POST',
    path: /^\/2015-03-31\/functions\/(?<functionName>[^/]+)\/invocations$/,
    handle: (exchange) => invoke(functions, log, exchange),
  };
}

async function invoke(functions: LocalFunctions, log: (line: string) => void, exchange: Exchange): Promise<void> {
  const { requestId, request, response, pathParameters, query } = exchange;
  const body = await readBody(request, requestBodyLimit);
  const qualifier = query.get('Qualifier') ?? undefined;
  const reference = parseFunctionName(pathParameters.functionName ?? '', qualifier, localRegion());
  const parameters = parseInvokeHeaders(request.headers);
  const event = parsePayload(body, parameters.invocationType);
  const code = await functions.find(reference.name);
  if (!code) throw functionNotFound(reference.arn);

  const run = (): Promise<CompletedInvocation> =>
    functions.invoke(code, invocationOf(requestId, reference, parameters, event, functions.timeoutOf(reference.name)));
  switch (parameters.invocationType) {
    case 'DryRun':
      sendAnswer(response, { status: 204, headers: { 'x-amzn-RequestId': requestId } });
      return;
    case 'Event':
      sendAnswer(response, { status: 202, headers: { 'x-amzn-RequestId': requestId } });
      // Nobody waits for it. Lambda would try a failed one again, up to two times; here it runs once.
      run().catch((error: unknown) => {
        log(`[${reference.name}] ${String(error)}`);
      });
      return;
    case 'RequestResponse':
      sendAnswer(response, resultAnswer(requestId, reference.version, parameters.logType === 'Tail', await run()));
  }
}

function invocationOf(
  requestId: string,
  reference: FunctionReference,
  parameters: InvokeParameters,
  event: string,
  timeout: number,
): Invocation {
  // "Lambda passes the ClientContext object to your function for synchronous invocations only."
  const clientContext = parameters.invocationType === 'Event' ? undefined : parameters.clientContext;
  const { version, arn } = reference;
  return { requestId, version, invokedFunctionArn: arn, event, timeout, clientContext, traceId: parameters.traceId };
}

/** A function that failed is answered with 200 too: the call as such succeeded. */
function resultAnswer(requestId: string, version: string, withLog: boolean, done: CompletedInvocation): HttpAnswer {
  return {
    status: 200,
    headers: {
      'x-amzn-RequestId': requestId,
      'X-Amz-Executed-Version': version,
      ...(done.failed ? { 'X-Amz-Function-Error': 'Unhandled' } : {}),
      ...(withLog ? { 'X-Amz-Log-Result': done.logTail } : {}),
    },
    body: done.payload,
  };
}
