import type { LambdaClient } from '@aws-sdk/client-lambda';
import { Invoke$ } from '@aws-sdk/client-lambda';
import type {
  $ClientProtocol,
  $OperationSchema,
  HttpHandlerOptions,
  HttpRequest,
  HttpResponse,
  RequestHandler,
  RequestSigner,
} from '@smithy/types';
import { v4 as uuid } from 'uuid';
import type { Exchange } from '../http/exchange';
import type { ServiceClock } from './clock';
import { traceHeader } from './trace-header';

/** What a call takes from its connection. */
export interface CallParts {
  readonly client: LambdaClient;
  readonly signer: RequestSigner;
  readonly clock: ServiceClock;
}

/**
 * Milliseconds after which undici gives an answer up. A request's own deadline is never later, so this only keeps it from
 * ending a call by a clock of its own.
 */
const LONGEST_CALL = 900_000;

/** What differs from call to call. */
export interface CallContent {
  /** The event as JSON in UTF-8. */
  readonly payload: Buffer;
  /** `X-Amzn-Trace-Id` of the request. */
  readonly traceId: string;
}

/** What ends a call early, and how far it got. */
export type CallProgress = Pick<Exchange, 'signal' | 'phase' | 'attempts'>;

/**
 * Signs a request and sends it, once, with the parts of the SDK's client and none of its middleware.
 *
 * @returns the answer's head; its body is still to be read, and then frees the connection
 * @throws what the SDK throws: one of its service exceptions, or the HTTP handler's error
 */
export async function callLambda(
  { client, signer, clock }: CallParts,
  prepared: HttpRequest,
  { payload, traceId }: CallContent,
  progress: CallProgress,
): Promise<HttpResponse> {
  const request = {
    ...prepared,
    headers: {
      ...prepared.headers,
      ...traceHeader(traceId),
      'content-length': String(payload.length),
      'amz-sdk-invocation-id': uuid(),
      'amz-sdk-request': 'attempt=1; max=1',
    },
    body: payload,
  };
  const signed = await signer.sign(request, { signingDate: clock.now() });
  const handler = client.config.requestHandler as RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions>;
  const { response } = await handler.handle(signed, { abortSignal: progress.signal, requestTimeout: LONGEST_CALL });
  progress.phase = 'body';
  if (response.statusCode >= 300) {
    clock.setBy(response.headers.date);
    await throwServiceException(client, { ...response, body: await readBody(response) });
  }
  return response;
}

/** The handler's body is undici's, which collects itself without the detour over stream events. */
export async function readBody(response: HttpResponse): Promise<Buffer> {
  const bytes = await (response.body as { bytes(): Promise<Uint8Array> }).bytes();
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads the error document as the SDK does, so that names and fields are those of its exceptions. */
async function throwServiceException({ config }: LambdaClient, response: HttpResponse): Promise<never> {
  const protocol = config.protocol as $ClientProtocol<HttpRequest, HttpResponse>;
  // The SDK hands its own middleware just this context.
  const context = config as unknown as Parameters<typeof protocol.deserializeResponse>[1];
  await protocol.deserializeResponse(Invoke$ as unknown as $OperationSchema, context, response);
  throw new Error(`Lambda answered with status ${response.statusCode}`);
}
