import type { LambdaClient } from '@aws-sdk/client-lambda';
import { InvokeWithResponseStream$ } from '@aws-sdk/client-lambda';
import type {
  InvokeWithResponseStreamCommandOutput,
  InvokeWithResponseStreamCompleteEvent,
} from '@aws-sdk/client-lambda';
import type { $ClientProtocol, HttpRequest, HttpResponse } from '@smithy/types';
import type { Readable } from 'node:stream';
import { LambdaProxyError } from '../errors/lambda-proxy-error';
import { classifyError } from './classify-error';
import { plainHeaders } from './lambda-call';
import type { IncomingAnswer } from './send';

/** How a stream ended: https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStreamCompleteEvent.html */
export interface StreamEnd {
  /** Why the function failed; without it the stream is whole. */
  readonly errorCode: string | undefined;
  readonly errorDetails: string | undefined;
  /** With `logType: Tail` only. */
  readonly logTail: string | undefined;
}

/**
 * The pieces of a function's response stream, as they come, decoded by the SDK. Read it to its end or close it: either
 * frees the connection, a close at once, though a piece may still be awaited.
 *
 * @param onEnd called with Lambda's own account of the end; it may throw, which is then how the stream ends
 * @throws LambdaProxyError while it is read: a connection that was lost, or a stream without an end
 */
export function responseStream(
  client: LambdaClient,
  answer: IncomingAnswer<Readable>,
  onEnd: (end: StreamEnd) => void,
): AsyncIterableIterator<Uint8Array> {
  const pieces = readPieces(client, answer, onEnd);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => pieces.next(),
    return: () => {
      // The SDK's iterator leaves the answer's body open when nobody reads on (measured).
      answer.body.destroy();
      return pieces.return(undefined);
    },
  };
}

async function* readPieces(
  client: LambdaClient,
  answer: IncomingAnswer<Readable>,
  onEnd: (end: StreamEnd) => void,
): AsyncGenerator<Uint8Array, undefined> {
  let hasEnded = false;
  try {
    for await (const { PayloadChunk, InvokeComplete } of await decode(client, answer)) {
      if (PayloadChunk?.Payload) yield PayloadChunk.Payload;
      if (InvokeComplete) {
        hasEnded = true;
        onEnd(streamEnd(InvokeComplete));
      }
    }
  } catch (thrown) {
    answer.body.destroy();
    throw thrown instanceof LambdaProxyError ? thrown : classifyError(thrown);
  }
  if (!hasEnded) throw new LambdaProxyError('UPSTREAM_UNAVAILABLE', "Lambda's stream stopped without an end");
  return undefined;
}

function streamEnd({ ErrorCode, ErrorDetails, LogResult }: InvokeWithResponseStreamCompleteEvent): StreamEnd {
  return {
    errorCode: ErrorCode,
    errorDetails: ErrorDetails,
    logTail: LogResult && Buffer.from(LogResult, 'base64').toString('utf8'),
  };
}

type EventStream = NonNullable<InvokeWithResponseStreamCommandOutput['EventStream']>;

async function decode({ config }: LambdaClient, answer: IncomingAnswer<Readable>): Promise<EventStream> {
  const protocol = config.protocol as $ClientProtocol<HttpRequest, HttpResponse>;
  const [, namespace, name, traits, input, output] = InvokeWithResponseStream$;
  // What the SDK's own middleware makes of the two.
  const operation = { namespace, name, traits, input, output };
  const context = config as unknown as Parameters<typeof protocol.deserializeResponse>[1];
  const decoded = await protocol.deserializeResponse<InvokeWithResponseStreamCommandOutput>(operation, context, {
    ...answer,
    headers: plainHeaders(answer.headers),
  });
  const events = decoded.EventStream;
  if (!events) throw new Error('the SDK found no event stream in the answer');
  return events;
}
