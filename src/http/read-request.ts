import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { ExpressRequest } from '../host/express-gateway';
import type { HostContext } from '../host/host-context';
import type { EndSignal } from './end-signal';
import type { GatewayRequest, HeaderField, ReceivedRequest } from './gateway-request';
import { headerValue } from './gateway-request';
import { IncomingBody } from './incoming-body';
import { properties } from './properties';
import type { RequestBody } from './read-body';
import { readHeaders } from './read-headers';
import { splitRequestTarget, stripLiteralPrefix } from './request-target';
import { matchRoute } from './route';

export interface ReadRequestOptions {
  readonly ignorePath: boolean;
  readonly stripPath: boolean;
}

/** Turns an Express request into a value. Its body stays unread. */
export function readRequest(
  req: ExpressRequest,
  host: HostContext,
  receivedAt: Date,
  options: ReadRequestOptions,
): ReceivedRequest {
  const [method, httpVersion, joined, rawHeaders] = properties(req, 'method', 'httpVersion', 'headers', 'rawHeaders');
  const { path, rawQuery } = splitRequestTarget(host.url);
  const headers = readHeaders(joined, rawHeaders, host.consumer);
  const route = matchRoute(host.route, path);
  return {
    id: host.requestId,
    traceId: receivedTraceId(headers) ?? newTraceId(receivedAt),
    method,
    path: visiblePath(path, route.resource, options),
    rawQuery,
    httpVersion,
    headers,
    body: new IncomingBody(req, host.requestStream),
    route,
    client: readClient(req, joined),
    receivedAt,
    apiEndpoint: host.apiEndpoint,
    consumer: host.consumer,
    lambdaContext: host.lambda,
  };
}

/**
 * The request with its body in one piece.
 *
 * @param limit bytes
 * @throws LambdaProxyError `REQUEST_TOO_LARGE`, `BODY_UNREADABLE`; the signal's reason
 */
export async function readWhole(request: ReceivedRequest, limit: number, signal: EndSignal): Promise<GatewayRequest> {
  const body = await request.body.read(limit, signal);
  return { ...request, headers: describeBody(request.headers, body), body: body.bytes };
}

function receivedTraceId(headers: readonly HeaderField[]): string | undefined {
  const value = headerValue({ headers }, 'x-amzn-trace-id');
  return value === '' ? undefined : value;
}

function visiblePath(path: string, resource: string, options: ReadRequestOptions): string {
  if (options.ignorePath) return '/';
  return options.stripPath ? stripLiteralPrefix(path, resource) : path;
}

/** After a rewrite the old length and encodings would describe bytes that are gone. */
function describeBody(headers: readonly HeaderField[], body: RequestBody): readonly HeaderField[] {
  if (!body.rewritten) return headers;
  const stale = new Set(['content-length', 'content-encoding', 'transfer-encoding']);
  const length = { name: 'Content-Length', lowerName: 'content-length', values: [String(body.bytes.length)] };
  return [...headers.filter((field) => !stale.has(field.lowerName)), length];
}

/** What a proxy in front says of its client counts where that proxy is trusted, by the rule of `req.ip` and `req.protocol`. */
function readClient(req: ExpressRequest, headers: IncomingHttpHeaders): GatewayRequest['client'] {
  const [socket, app] = properties(req, 'socket', 'app');
  const peerAddress = plainAddress(socket.remoteAddress);
  const direct = {
    peerAddress,
    sourceIp: peerAddress,
    protocol: (socket as Partial<TLSSocket>).encrypted ? 'https' : 'http',
    port: String(socket.localPort ?? ''),
    host: headers.host ?? '',
  };
  // Express' getters say the same, by a longer way.
  if (!isTrustedProxy(app, socket.remoteAddress)) return direct;
  return {
    peerAddress,
    sourceIp: plainAddress(req.ip) || peerAddress,
    protocol: req.protocol,
    port: single(headers['x-forwarded-port']) ?? direct.port,
    host: single(headers['x-forwarded-host']) ?? direct.host,
  };
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Express compiles its `trust proxy` setting into a function. */
function isTrustedProxy(app: ExpressRequest['app'], address: string | undefined): boolean {
  const trusts = app.get('trust proxy fn') as ((address: string | undefined, hop: number) => boolean) | undefined;
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
  const random = randomUUID();
  return `Root=1-${seconds}-${random.slice(0, 8)}${random.slice(9, 13)}${random.slice(24)}`;
}
