import { EventStreamAnswer } from './event-stream-answer';
import { sendAnswer } from './http-answer';
import { readInvocationRequest } from './invocation-request';
import type { LocalFunctions, StreamedInvocation } from './local-functions';
import type { InvokeComplete } from './event-stream';
import type { Exchange, Route } from './router';

/** The InvokeWithResponseStream operation: https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html */
export function invokeStreamRoute(functions: LocalFunctions): Route {
  return {
    method: 'POST',
    path: /^\/2021-11-15\/functions\/(?<functionName>[^/]+)\/response-streaming-invocations$/,
    handle: (exchange) => invoke(functions, exchange),
  };
}

async function invoke(functions: LocalFunctions, exchange: Exchange): Promise<void> {
  const { requestId, response } = exchange;
  const call = await readInvocationRequest(functions, exchange, ['RequestResponse', 'DryRun']);
  if (call.invocationType === 'DryRun') {
    sendAnswer(response, { status: 204, headers: { 'x-amzn-RequestId': requestId } });
    return;
  }
  const answer = new EventStreamAnswer(response, {
    'x-amzn-RequestId': requestId,
    'X-Amz-Executed-Version': call.invocation.version,
  });
  const done = await functions.stream(call.code, call.invocation, answer);
  // The result of a handler that does not stream: one piece.
  if (!done.failed && done.payload !== undefined) answer.write(Buffer.from(done.payload));
  answer.complete({ ...errorOf(done), ...(call.withLog ? { LogResult: done.logTail } : {}) });
}

/** A function that fails before its first byte is told of in the same way: the call as such succeeded. */
function errorOf(done: StreamedInvocation): InvokeComplete {
  if (!done.failed) return {};
  const { errorType } = JSON.parse(done.payload) as { readonly errorType: string };
  return { ErrorCode: errorType, ErrorDetails: done.payload };
}
