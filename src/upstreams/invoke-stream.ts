import type { LambdaConnection } from '../aws/lambda-connection';
import type { FormatOptions, PayloadFormat } from '../formats/payload-format';
import { decodeStreamMetadata } from '../formats/stream-metadata';
import type { Logger } from '../host/express-gateway';
import type { GatewayRequest } from '../http/gateway-request';
import type { GatewayResponse, ResponseHeader } from '../http/gateway-response';
import { responseHeader } from '../http/gateway-response';
import { guessContentType } from '../http/guess-content-type';
import { mediaType } from '../http/media-type';
import { readWhole } from '../http/read-request';
import { MAX_EVENT_LENGTH, encodeEvent } from './event';
import { functionError } from './function-error';
import { withIdleTimeout } from './idle-timeout';
import type { InvokeOptions } from './invoke';
import { writeLogTail } from './log-tail';
import type { StreamStart } from './stream-start';
import { readBodyStart, readStreamStart } from './stream-start';
import type { Upstream } from './upstream';

export interface InvokeStreamOptions extends InvokeOptions {
  /** Milliseconds that a stream may be silent. */
  readonly streamIdleTimeout: number;
}

/** The function behind Lambda's InvokeWithResponseStream API, its answer piece by piece. */
export function invokeStreamUpstream(
  options: InvokeStreamOptions,
  format: PayloadFormat,
  connection: LambdaConnection,
  logger: Logger,
): Upstream {
  const { functionName, qualifier, invocationType, logType, streamIdleTimeout } = options;
  const limit = MAX_EVENT_LENGTH.RequestResponse;
  const target = { operation: 'InvokeWithResponseStream', functionName, qualifier, invocationType, logType } as const;
  return {
    invoked: { name: functionName, qualifier: qualifier ?? '', region: options.region },
    errorDialect: format.errorDialect,
    async forward(received, exchange) {
      const request = await readWhole(received, limit, exchange.signal);
      exchange.phase = 'event';
      const payload = encodeEvent(format, request, options, limit);
      exchange.bytesSent = payload.length;
      const pieces = await connection.invokeWithResponseStream(
        target,
        { payload, traceId: request.traceId },
        exchange,
        (end) => {
          writeLogTail(logger, request.id, end.logTail);
          if (end.errorCode !== undefined) throw functionError(end.errorCode, end.errorDetails ?? '');
        },
      );
      exchange.phase = 'result';
      const iterator = withIdleTimeout(pieces, streamIdleTimeout);
      try {
        const start = await (format.isProxyIntegration ? readStreamStart(iterator) : readBodyStart(iterator));
        if (start.kind === 'result') exchange.bytesReceived = start.payload.length;
        return streamedAnswer(format, request, options, start);
      } catch (error) {
        await iterator.return(undefined);
        throw error;
      }
    },
  };
}

function streamedAnswer(
  format: PayloadFormat,
  request: GatewayRequest,
  options: FormatOptions,
  start: StreamStart,
): GatewayResponse {
  switch (start.kind) {
    case 'result':
      return format.decode(start.payload, request, options);
    case 'metadata':
      return unbuffered(withDefaultType({ ...decodeStreamMetadata(start.metadata), body: start.rest }));
    case 'body':
      return { status: 200, headers: guessStreamType(start, request, options), body: start.rest };
  }
}

/** The head goes out before the body's first byte is there to guess from. Lambda's own default for streams. */
function withDefaultType(response: GatewayResponse): GatewayResponse {
  const hasBody = response.status !== 204 && response.status !== 304;
  if (!hasBody || responseHeader(response, 'content-type') !== undefined) return response;
  return { ...response, headers: [['Content-Type', ['application/octet-stream']], ...response.headers] };
}

/** Proxies that collect answers before they hand them on are asked not to collect events (nginx' header). */
function unbuffered(response: GatewayResponse): GatewayResponse {
  if (mediaType(responseHeader(response, 'content-type')) !== 'text/event-stream') return response;
  return { ...response, headers: [['X-Accel-Buffering', ['no']], ...response.headers] };
}

/** Of a stream only its first piece is known, which may end within a character. */
function guessStreamType(
  { first, isWhole }: Extract<StreamStart, { kind: 'body' }>,
  { path }: GatewayRequest,
  options: FormatOptions,
): readonly ResponseHeader[] {
  const maxJSONParseLength = isWhole ? options.maxJSONParseLength : -1;
  return guessContentType(first, { isText: beginsAsUtf8(first), path, maxJSONParseLength });
}

function beginsAsUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
