import { sendAnswer } from './http-answer';
import type { HttpAnswer } from './http-answer';
import { readInvocationRequest } from './invocation-request';
import type { InvocationRequest } from './invocation-request';
import { invocationTypes } from './invoke-request';
import type { InvocationType } from './invoke-request';
import type { CompletedInvocation, LocalFunctions } from './local-functions';
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
  const { requestId, response } = exchange;
  const call = await readInvocationRequest(functions, exchange, invocationTypes);
  switch (call.invocationType) {
    case 'DryRun':
      sendAnswer(response, { status: 204, headers: { 'x-amzn-RequestId': requestId } });
      return;
    case 'Event':
      sendAnswer(response, { status: 202, headers: { 'x-amzn-RequestId': requestId } });
      // Nobody waits for it. Lambda would try a failed one again, up to two times; here it runs once.
      functions.invoke(call.code, call.invocation).catch((error: unknown) => {
        log(`[${call.code.name}] ${String(error)}`);
      });
      return;
    case 'RequestResponse':
      sendAnswer(response, resultAnswer(call, await functions.invoke(call.code, call.invocation)));
  }
}

/** A function that failed is answered with 200 too: the call as such succeeded. */
function resultAnswer(call: InvocationRequest<InvocationType>, done: CompletedInvocation): HttpAnswer {
  return {
    status: 200,
    headers: {
      'x-amzn-RequestId': call.invocation.requestId,
      'X-Amz-Executed-Version': call.invocation.version,
      ...(done.failed ? { 'X-Amz-Function-Error': 'Unhandled' } : {}),
      ...(call.withLog ? { 'X-Amz-Log-Result': done.logTail } : {}),
    },
    body: done.payload,
  };
}
