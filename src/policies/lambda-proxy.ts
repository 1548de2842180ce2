import { errorResponse, errorStatus } from '../errors/error-response';
import { failureLine } from '../errors/failure-line';
import { toLambdaProxyError } from '../errors/lambda-proxy-error';
import type { HostRequest, HostResponse, Logger, PolicyDefinition, PolicyHandler } from '../host/express-gateway';
import { Exchange } from '../http/exchange';
import type { GatewayRequest } from '../http/gateway-request';
import type { GatewayResponse, ResponseHeader } from '../http/gateway-response';
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
  const { ignorePath, stripPath } = options;
  const reading = { ignorePath, stripPath, maxBodyLength: upstream.maxBodyLength };

  async function proxy(req: HostRequest, res: HostResponse, exchange: Exchange): Promise<void> {
    const request = await readRequest(req, exchange, reading);
    const response = await upstream.forward(request, exchange);
    exchange.phase = 'answer';
    const answer = withHeaders(response, requestIdHeader(request.id), traceHeader(request));
    await writeResponse(res, request.method, answer, exchange);
  }

  async function fail(req: HostRequest, res: HostResponse, exchange: Exchange, thrown: unknown): Promise<void> {
    const error = toLambdaProxyError(thrown, exchange.signal);
    const status = errorStatus(error, upstream.errorDialect, options.unhandledStatus);
    logger[status < 500 ? 'warn' : 'error'](
      failureLine(error, {
        status,
        function: options.functionName,
        qualifier: options.qualifier ?? '',
        requestId: req.egContext.requestID,
        attempts: exchange.attempts,
        phase: exchange.phase,
        ms: exchange.elapsed,
      }),
    );
    if (error.code === 'CLIENT_CLOSED' || res.headersSent) {
      res.destroy();
      return;
    }
    const response = errorResponse(error, upstream.errorDialect, options.unhandledStatus);
    await writeResponse(res, req.method, withHeaders(response, requestIdHeader(req.egContext.requestID)), exchange);
  }

  return (req, res) => {
    const exchange = new Exchange(res, options.timeout);
    proxy(req, res, exchange)
      .catch((thrown: unknown) => fail(req, res, exchange, thrown))
      // Even the error answer can throw: policies before us wrap `res`. What is left is to hang up.
      .catch(() => res.destroy())
      .finally(() => {
        exchange.end();
      });
  };
}

/** Every answer carries the id that the event and the log have. */
function requestIdHeader(id: string): ResponseHeader {
  return ['x-amzn-RequestId', [id]];
}

function traceHeader(request: GatewayRequest): ResponseHeader {
  return ['X-Amzn-Trace-Id', [request.traceId]];
}

function withHeaders(response: GatewayResponse, ...headers: readonly ResponseHeader[]): GatewayResponse {
  return { ...response, headers: [...response.headers, ...headers] };
}
