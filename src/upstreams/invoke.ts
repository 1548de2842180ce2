import type { InvokeResult, LambdaConnection } from '../aws/lambda-connection';
import { LambdaProxyError } from '../errors/lambda-proxy-error';
import type { FormatOptions, PayloadFormat } from '../formats/payload-format';
import type { Logger } from '../host/express-gateway';
import type { GatewayRequest } from '../http/gateway-request';
import type { GatewayResponse } from '../http/gateway-response';
import type { Upstream } from './upstream';

export interface InvokeOptions extends FormatOptions {
  readonly functionName: string;
  readonly qualifier: string | undefined;
  readonly invocationType: 'RequestResponse' | 'Event' | 'DryRun';
  readonly logType: 'None' | 'Tail';
}

/**
 * Bytes of event that Lambda takes: 6 MB when the caller waits, 1 MB when it is queued.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_EVENT_LENGTH = { RequestResponse: 6_291_456, DryRun: 6_291_456, Event: 1_048_576 } as const;

/** Answers that do not come from the function, because nobody waits for it. */
const STATUS_WITHOUT_RESULT = { Event: 202, DryRun: 204 } as const;

/** The function behind Lambda's Invoke API, its answer in one piece. */
export function invokeUpstream(
  options: InvokeOptions,
  format: PayloadFormat,
  connection: LambdaConnection,
  logger: Logger,
): Upstream {
  const { functionName, qualifier, invocationType, logType } = options;
  const maxEventLength = MAX_EVENT_LENGTH[invocationType];
  return {
    errorDialect: format.errorDialect,
    maxBodyLength: maxEventLength,
    async forward(request, exchange) {
      exchange.phase = 'event';
      const payload = encodeEvent(format, request, options, maxEventLength);
      exchange.phase = 'invoke';
      exchange.attempts += 1;
      const call = { functionName, qualifier, invocationType, logType, payload };
      const result = await connection.invoke(call, exchange.signal);
      exchange.phase = 'result';
      logTail(logger, request, result);
      if (invocationType !== 'RequestResponse') return emptyAnswer(STATUS_WITHOUT_RESULT[invocationType]);
      if (result.functionError !== undefined) throw functionError(result);
      return format.decode(result.payload, request, options);
    },
  };
}

function encodeEvent(format: PayloadFormat, request: GatewayRequest, options: FormatOptions, limit: number): Buffer {
  const payload = Buffer.from(toJson(format.encode(request, options)));
  if (payload.length > limit) {
    throw new LambdaProxyError('REQUEST_TOO_LARGE', `the event is ${payload.length} bytes, Lambda takes ${limit}`);
  }
  return payload;
}

/** Earlier policies may have put anything into `egContext.lambda`: a circle, a BigInt, a function. */
function toJson(event: unknown): string {
  try {
    const json = JSON.stringify(event) as string | undefined;
    if (json !== undefined) return json;
  } catch (cause) {
    throw new LambdaProxyError('INTERNAL', 'egContext.lambda cannot be written as JSON', { cause });
  }
  throw new LambdaProxyError('INTERNAL', 'egContext.lambda cannot be written as JSON');
}

function logTail(logger: Logger, request: GatewayRequest, result: InvokeResult): void {
  if (result.logTail === undefined) return;
  logger.info(`lambda-proxy log tail requestId=${request.id}\n${result.logTail}`);
}

function emptyAnswer(status: number): GatewayResponse {
  return { status, headers: [], body: Buffer.alloc(0) };
}

/** The function's own account of its failure is for the log; nothing of it reaches the client. */
function functionError({ functionError: kind, payload }: InvokeResult): LambdaProxyError {
  return new LambdaProxyError('FUNCTION_ERROR', `the function reported an error (${kind ?? ''})`, {
    cause: describeFunctionError(payload),
  });
}

function describeFunctionError(payload: Buffer): string {
  try {
    const { errorType, errorMessage } = JSON.parse(payload.toString()) as Record<string, unknown>;
    return [errorType, errorMessage].filter((part) => typeof part === 'string').join(': ');
  } catch {
    return 'its payload is not JSON';
  }
}
