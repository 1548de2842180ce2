import type { ConnectionSettings } from '../aws/connection-settings';
import type { HttpBody } from '../aws/http-connection';
import { httpConnection } from '../aws/http-connection';
import { isLocalEndpoint } from '../aws/loopback';
import type { SigningScope } from '../aws/signing-scope';
import { signingScopeOf } from '../aws/signing-scope';
import type { Logger } from '../host/express-gateway';
import type { Exchange } from '../http/exchange';
import type { HeaderField, ReceivedRequest, RequestHead } from '../http/gateway-request';
import { readWhole } from '../http/read-request';
import { httpAnswer } from './http-answer';
import type { OutgoingHeaderOptions } from './outgoing-headers';
import { outgoingHeaders } from './outgoing-headers';
import { targetBelow, withoutQuery } from './target-url';
import type { Upstream } from './upstream';

export interface FunctionUrlOptions extends OutgoingHeaderOptions, Omit<ConnectionSettings, 'endpoint'> {
  readonly functionUrl: string;
  /** What to sign for, where the host name does not tell. */
  readonly signing: SigningScope | undefined;
  /** Milliseconds that a streamed answer may be silent. */
  readonly streamIdleTimeout: number;
}

/**
 * Bytes of a request's body that have to be held: a signature covers all of it, and an earlier policy may have made it
 * anew. More than AWS takes is of no use: 6 MB at a function URL, 10 MB at API Gateway.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const MAX_HELD_BODY = { lambda: 6_291_456, other: 10_485_760 } as const;

/** The function behind an HTTP endpoint, a function URL or an API of API Gateway: the request itself is forwarded. */
export function functionUrlUpstream(options: FunctionUrlOptions, logger: Logger): Upstream {
  const { functionUrl, streamIdleTimeout } = options;
  const scope = options.authType === 'AWS_IAM' ? (options.signing ?? signingScopeOf(functionUrl)) : undefined;
  if (showsSecret(options)) {
    logger.warn(`lambda-proxy: ${withoutQuery(functionUrl)} is plain HTTP, whoever is in between can read its keys`);
  }
  const { origin } = new URL(functionUrl);
  const connection = httpConnection(origin, scope, { ...options, endpoint: undefined }, logger);
  return {
    invoked: { name: withoutQuery(functionUrl), qualifier: '', region: scope?.region },
    errorDialect: 'http',
    async forward(received, exchange) {
      const { head, length, body } = await readBody(received, scope, exchange);
      const headers = [...outgoingHeaders(head, options), ...length];
      const answer = await connection.send(
        {
          method: head.method,
          target: targetBelow(functionUrl, head),
          headers: Object.fromEntries(headers.map(({ name, values }) => [name, oneOrAll(values)])),
          body,
        },
        exchange,
      );
      return httpAnswer(head.method, answer, streamIdleTimeout);
    },
  };
}

/** An API key, or the session token that a signature comes with, unencrypted to another machine. */
function showsSecret({ functionUrl, authType, apiKey }: FunctionUrlOptions): boolean {
  const hasSecret = apiKey !== undefined || authType === 'AWS_IAM';
  return hasSecret && functionUrl.startsWith('http:') && !isLocalEndpoint(functionUrl);
}

/** undici wants the values that it reads itself, a length above all, as text. */
function oneOrAll(values: readonly string[]): string | readonly string[] {
  const [first] = values;
  return first !== undefined && values.length === 1 ? first : values;
}

interface OutgoingBody {
  readonly head: RequestHead;
  /** `Content-Length` of a body that is not held, where the client gave one; without it the body goes out in chunks. */
  readonly length: readonly HeaderField[];
  readonly body: HttpBody;
}

/** Held only where it has to be. */
async function readBody(
  received: ReceivedRequest,
  scope: SigningScope | undefined,
  exchange: Exchange,
): Promise<OutgoingBody> {
  const { body, headers } = received;
  if (scope === undefined && body.isUntouched) {
    if (!body.isDeclared) return { head: received, length: [], body: NOTHING };
    const length = headers.filter(({ lowerName }) => lowerName === 'content-length');
    return { head: received, length, body: () => counted(body.stream(), exchange) };
  }
  const limit = MAX_HELD_BODY[scope?.service === 'lambda' ? 'lambda' : 'other'];
  const whole = await readWhole(received, limit, exchange.signal);
  exchange.bytesSent = whole.body.length;
  return { head: whole, length: [], body: whole.body };
}

const NOTHING = Buffer.alloc(0);

async function* counted(pieces: AsyncIterable<Uint8Array>, exchange: Exchange): AsyncGenerator<Uint8Array, void> {
  for await (const piece of pieces) {
    exchange.bytesSent += piece.length;
    yield piece;
  }
}
