import { randomUUID } from 'node:crypto';
import type { HostRequest } from '../host/express-gateway';
import type { Exchange } from './exchange';
import type { GatewayRequest, HeaderField } from './gateway-request';
import { headerValue } from './gateway-request';
import type { RequestBody } from './read-body';
import { readBody } from './read-body';
import { readHeaders } from './read-headers';
import { splitRequestTarget, stripLiteralPrefix } from './request-target';
import { matchRoute } from './route';

export interface ReadRequestOptions {
  readonly ignorePath: boolean;
  readonly stripPath: boolean;
  /** Bytes of body that an upstream can take. */
  readonly maxBodyLength: number;
}

/** Turns an Express request into a value, reading its body. */
export async function readRequest(
  req: HostRequest,
  exchange: Exchange,
  options: ReadRequestOptions,
): Promise<GatewayRequest> {
  const body = await readBody(req, options.maxBodyLength, exchange.signal);
  const { path, rawQuery } = splitRequestTarget(req.url);
  const headers = describeBody(readHeaders(req), body);
  return {
    id: req.egContext.requestID,
    traceId: receivedTraceId(headers) ?? newTraceId(exchange.receivedAt),
    method: req.method,
    path: visiblePath(path, req.route.path, options),
    rawQuery,
    httpVersion: req.httpVersion,
    headers,
    body: body.bytes,
    route: matchRoute(req.route.path, path, req.params),
    client: readClient(req),
    receivedAt: exchange.receivedAt,
    apiEndpoint: req.egContext.apiEndpoint,
    consumer: req.egContext.consumer,
    lambdaContext: req.egContext.lambda,
  };
}

function receivedTraceId(headers: readonly HeaderField[]): string | undefined {
  const value = headerValue({ headers }, 'x-amzn-trace-id');
  return value === '' ? undefined : value;
}

function visiblePath(path: string, pattern: string | RegExp, options: ReadRequestOptions): string {
  if (options.ignorePath) return '/';
  return options.stripPath ? stripLiteralPrefix(path, pattern) : path;
}

/** After a rewrite the old length and encodings would describe bytes that are gone. */
function describeBody(headers: readonly HeaderField[], body: RequestBody): readonly HeaderField[] {
  if (!body.rewritten) return headers;
  const stale = new Set(['content-length', 'content-encoding', 'transfer-encoding']);
  const length = { name: 'Content-Length', lowerName: 'content-length', values: [String(body.bytes.length)] };
  return [...headers.filter((field) => !stale.has(field.lowerName)), length];
}

function readClient(req: HostRequest): GatewayRequest['client'] {
  const peerAddress = plainAddress(req.socket.remoteAddress);
  const forwardedPort = req.headers['x-forwarded-port'];
  return {
    peerAddress,
    sourceIp: plainAddress(req.ip) || peerAddress,
    protocol: req.protocol,
    port:
      typeof forwardedPort === 'string' && isTrustedProxy(req, req.socket.remoteAddress)
        ? forwardedPort
        : String(req.socket.localPort ?? ''),
  };
}

/** Express compiles its `trust proxy` setting into a function; `req.protocol` and `req.ip` ask the same one. */
function isTrustedProxy(req: HostRequest, address: string | undefined): boolean {
  const trusts = req.app.get('trust proxy fn') as ((address: string | undefined, hop: number) => boolean) | undefined;
  return trusts?.(address, 0) ?? false;
}

/** A dual-stack socket reports IPv4 clients as `::ffff:192.0.2.1`; API Gateway never does. */
function plainAddress(address: string | undefined): string {
  return address?.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '') ?? '';
}

/**
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 * The random part comes out of a UUID, for which Node keeps random bytes at hand: asking for twelve each time takes longer.
 */
function newTraceId(at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000)
    .toString(16)
    .padStart(8, '0');
  return `Root=1-${seconds}-${randomUUID().replaceAll('-', '').slice(0, 24)}`;
}
