import { once } from 'node:events';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v4 as uuid } from 'uuid';
import type { ExpressRequest, Logger } from '../../host/express-gateway';
import type { HostContext } from '../../host/host-context';
import { lambdaProxyHandler } from '../../policies/lambda-proxy';
import type { Upstream } from '../../upstreams/upstream';
import { UserError } from '../user-error';
import type { TypedRequest } from './request';
import { routeOf } from './route';
import type { Target } from './target';

/**
 * Sends a request through the policy's own handler, and hands the answer on as a client gets it: over a socket, from a
 * server that lives for this one request.
 *
 * @param take reads the answer to its end
 * @throws UserError for a request that HTTP does not know
 */
export async function exchange(
  { options, endpoint }: Target,
  request: TypedRequest,
  upstream: Upstream,
  logger: Logger,
  take: (answer: IncomingMessage) => Promise<void>,
): Promise<void> {
  const handle = lambdaProxyHandler(options, upstream, logger);
  const route = routeOf(endpoint, request.url);
  const server = createServer((req, res) => {
    const context: HostContext = {
      requestId: uuid(),
      url: req.url ?? '',
      route,
      apiEndpoint: endpoint,
      consumer: undefined,
      lambda: undefined,
      requestStream: undefined,
    };
    handle(asExpressRequest(req), res, context);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await take(await send((server.address() as AddressInfo).port, request));
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** What Express would add; nobody is in between who could have forwarded the request. */
function asExpressRequest(req: IncomingMessage): ExpressRequest {
  const additions = { ip: req.socket.remoteAddress, protocol: 'http', app: { get: () => undefined } };
  return Object.assign(req, additions) as IncomingMessage & typeof additions & { method: string; url: string };
}

async function send(port: number, { method, url, headers, body }: TypedRequest): Promise<IncomingMessage> {
  const request = start(port, method, url, headers);
  request.end(body);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  return answer;
}

/** Node checks method, path and headers before anything is sent. */
function start(port: number, method: string, path: string, headers: TypedRequest['headers']) {
  try {
    // Of `Host` Node takes no list.
    const lines = Object.entries(headers).map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
    return httpRequest({
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: Object.fromEntries(lines) as OutgoingHttpHeaders,
    });
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error));
  }
}
