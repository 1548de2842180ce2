import { errorResponse, errorStatus } from '../errors/error-response';
import { describeError, failureLine } from '../errors/failure-line';
import type { LambdaProxyError } from '../errors/lambda-proxy-error';
import { toLambdaProxyError } from '../errors/lambda-proxy-error';
import type { ExpressRequest, HostRequest, HostResponse, Logger, PolicyDefinition } from '../host/express-gateway';
import type { HostContext } from '../host/host-context';
import { discardRest } from '../http/discard-rest';
import { Exchange } from '../http/exchange';
import type { RequestHead } from '../http/gateway-request';
import type { ResponseHeader } from '../http/gateway-response';
import { readRequest } from '../http/read-request';
import { writeResponse } from '../http/write-response';
import type { LambdaProxyOptions, ResolvedOptions } from '../options/definitions';
import { placeOfAction } from '../options/place';
import { resolveOptions } from '../options/resolve';
import { policySchema } from '../options/schemas';
import { selectUpstream } from '../upstreams';
import type { Upstream } from '../upstreams/upstream';

const POLICY_NAME = 'lambda-proxy';

/** The policy as the host registers it. To be made anew for every registration: the host wraps it in place. */
export function lambdaProxyPolicy(pluginSettings: LambdaProxyOptions, logger: Logger): PolicyDefinition {
  return {
    name: POLICY_NAME,
    schema: policySchema,
    policy: (action, config) => {
      const options = resolveOptions(pluginSettings, action, placeOfAction(action, config, POLICY_NAME));
      const handle = lambdaProxyHandler(options, selectUpstream(options, logger), logger);
      return (req, res) => {
        handle(req, res, hostContext(req));
      };
    },
  };
}

/** What the gateway knows of a request. A copy: its own context has the id on its prototype and the caller in a getter. */
function hostContext({ url, route, params, egContext }: HostRequest): HostContext {
  const { requestID: requestId, apiEndpoint, consumer, lambda, requestStream } = egContext;
  return { requestId, url, routePattern: route.path, params, apiEndpoint, consumer, lambda, requestStream };
}

type Handler = (req: ExpressRequest, res: HostResponse, host: HostContext) => void;

/** A request's life. The only asynchronous boundary with the host: nothing thrown or rejected leaves it. */
export function lambdaProxyHandler(options: ResolvedOptions, upstream: Upstream, logger: Logger): Handler {
  const { functionName, qualifier = '', unhandledStatus } = options;

  async function proxy(req: ExpressRequest, res: HostResponse, host: HostContext, exchange: Exchange): Promise<void> {
    const request = readRequest(req, host, exchange.receivedAt, options);
    const response = await upstream.forward(request, exchange);
    exchange.phase = 'answer';
    const ownHeaders = [requestIdHeader(request.id), traceHeader(request)];
    await writeResponse(res, request.method, response, ownHeaders, exchange);
  }

  async function fail(
    req: ExpressRequest,
    res: HostResponse,
    { requestId }: HostContext,
    exchange: Exchange,
    thrown: unknown,
  ): Promise<void> {
    const error = toLambdaProxyError(thrown, exchange.signal);
    logFailure(error, requestId, exchange);
    if (error.code === 'CLIENT_CLOSED' || res.headersSent) {
      res.destroy();
      return;
    }
    discardRest(req);
    const response = errorResponse(error, upstream.errorDialect, unhandledStatus);
    await writeResponse(res, req.method, response, [requestIdHeader(requestId)], exchange);
  }

  function logFailure(error: LambdaProxyError, requestId: string, exchange: Exchange): void {
    const status = errorStatus(error, upstream.errorDialect, unhandledStatus);
    const { attempts, phase, elapsed: ms } = exchange;
    const context = { status, function: functionName, qualifier, requestId, attempts, phase, ms };
    logger[status < 500 ? 'warn' : 'error'](failureLine(error, context));
  }

  return (req, res, host) => {
    const exchange = new Exchange(res, options.timeout);
    proxy(req, res, host, exchange)
      .catch((thrown: unknown) => fail(req, res, host, exchange, thrown))
      .catch((thrown: unknown) => {
        hangUp(res, host, logger, thrown);
      })
      .finally(() => {
        exchange.end();
      });
  };
}

/** Even the error answer can throw: policies before us wrap `res`. */
function hangUp(res: HostResponse, { requestId }: HostContext, logger: Logger, thrown: unknown): void {
  logger.error(`lambda-proxy no answer could be written requestId="${requestId}" cause=${describeError(thrown)}`);
  res.destroy();
}

/** Every answer carries the id that the event and the log have. */
function requestIdHeader(id: string): ResponseHeader {
  return ['x-amzn-RequestId', [id]];
}

function traceHeader(request: RequestHead): ResponseHeader {
  return ['X-Amzn-Trace-Id', [request.traceId]];
}
