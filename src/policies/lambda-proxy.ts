import { errorResponse, errorStatus } from '../errors/error-response';
import { describeError, failureLine } from '../errors/failure-line';
import type { LambdaProxyError } from '../errors/lambda-proxy-error';
import { toLambdaProxyError } from '../errors/lambda-proxy-error';
import type { HostRequest, HostResponse, Logger, PolicyDefinition, PolicyHandler } from '../host/express-gateway';
import { discardRest } from '../http/discard-rest';
import { Exchange } from '../http/exchange';
import type { GatewayRequest } from '../http/gateway-request';
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
      return lambdaProxyHandler(options, selectUpstream(options, logger), logger);
    },
  };
}

/** A request's life. The only asynchronous boundary with the host: nothing thrown or rejected leaves it. */
function lambdaProxyHandler(options: ResolvedOptions, upstream: Upstream, logger: Logger): PolicyHandler {
  const { functionName, qualifier = '', ignorePath, stripPath, unhandledStatus } = options;
  const reading = { ignorePath, stripPath, maxBodyLength: upstream.maxBodyLength };

  async function proxy(req: HostRequest, res: HostResponse, exchange: Exchange): Promise<void> {
    const request = await readRequest(req, exchange, reading);
    const response = await upstream.forward(request, exchange);
    exchange.phase = 'answer';
    const ownHeaders = [requestIdHeader(request.id), traceHeader(request)];
    await writeResponse(res, request.method, response, ownHeaders, exchange);
  }

  async function fail(req: HostRequest, res: HostResponse, exchange: Exchange, thrown: unknown): Promise<void> {
    const error = toLambdaProxyError(thrown, exchange.signal);
    logFailure(error, req, exchange);
    if (error.code === 'CLIENT_CLOSED' || res.headersSent) {
      res.destroy();
      return;
    }
    discardRest(req);
    const response = errorResponse(error, upstream.errorDialect, unhandledStatus);
    await writeResponse(res, req.method, response, [requestIdHeader(req.egContext.requestID)], exchange);
  }

  function logFailure(error: LambdaProxyError, req: HostRequest, exchange: Exchange): void {
    const status = errorStatus(error, upstream.errorDialect, unhandledStatus);
    const { attempts, phase, elapsed: ms } = exchange;
    const requestId = req.egContext.requestID;
    const context = { status, function: functionName, qualifier, requestId, attempts, phase, ms };
    logger[status < 500 ? 'warn' : 'error'](failureLine(error, context));
  }

  return (req, res) => {
    const exchange = new Exchange(res, options.timeout);
    proxy(req, res, exchange)
      .catch((thrown: unknown) => fail(req, res, exchange, thrown))
      .catch((thrown: unknown) => {
        hangUp(req, res, logger, thrown);
      })
      .finally(() => {
        exchange.end();
      });
  };
}

/** Even the error answer can throw: policies before us wrap `res`. */
function hangUp(req: HostRequest, res: HostResponse, logger: Logger, thrown: unknown): void {
  const requestId = req.egContext.requestID;
  logger.error(`lambda-proxy no answer could be written requestId="${requestId}" cause=${describeError(thrown)}`);
  res.destroy();
}

/** Every answer carries the id that the event and the log have. */
function requestIdHeader(id: string): ResponseHeader {
  return ['x-amzn-RequestId', [id]];
}

function traceHeader(request: GatewayRequest): ResponseHeader {
  return ['X-Amzn-Trace-Id', [request.traceId]];
}
