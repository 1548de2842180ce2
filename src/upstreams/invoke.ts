import type { LambdaConnection } from '../aws/lambda-connection';
import type { FormatOptions, PayloadFormat } from '../formats/payload-format';
import type { Logger } from '../host/express-gateway';
import type { GatewayResponse } from '../http/gateway-response';
import { readWhole } from '../http/read-request';
import { MAX_EVENT_LENGTH, encodeEvent } from './event';
import { functionError } from './function-error';
import { writeLogTail } from './log-tail';
import type { Upstream } from './upstream';

export interface InvokeOptions extends FormatOptions {
  readonly functionName: string;
  readonly qualifier: string | undefined;
  /** The function's own, where its ARN or the settings say it. */
  readonly region: string | undefined;
  readonly invocationType: 'RequestResponse' | 'Event' | 'DryRun';
  readonly logType: 'None' | 'Tail';
}

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
  const target = { operation: 'Invoke', functionName, qualifier, invocationType, logType } as const;
  return {
    invoked: { name: functionName, qualifier: qualifier ?? '', region: options.region },
    errorDialect: format.errorDialect,
    async forward(received, exchange) {
      const request = await readWhole(received, maxEventLength, exchange.signal);
      exchange.phase = 'event';
      const payload = encodeEvent(format, request, options, maxEventLength);
      exchange.bytesSent = payload.length;
      const result = await connection.invoke(target, { payload, traceId: request.traceId }, exchange);
      exchange.phase = 'result';
      exchange.bytesReceived = result.payload.length;
      writeLogTail(logger, request.id, result.logTail);
      if (invocationType !== 'RequestResponse') return emptyAnswer(STATUS_WITHOUT_RESULT[invocationType]);
      if (result.functionError !== undefined) throw functionError(result.functionError, result.payload.toString());
      return format.decode(result.payload, request, options);
    },
  };
}

function emptyAnswer(status: number): GatewayResponse {
  return { status, headers: [], body: Buffer.alloc(0) };
}
