import { errorResponse, errorStatus } from '../errors/error-response';
import type { FailureContext } from '../errors/failure-line';
import { describeError, failureLine } from '../errors/failure-line';
import { toLambdaProxyError } from '../errors/lambda-proxy-error';
import type { ExpressRequest, HostRequest, HostResponse, Logger, PolicyDefinition } from '../host/express-gateway';
import type { HostContext } from '../host/host-context';
import { takeRequest, watchArrivals } from '../http/arrival';
import { discardRest } from '../http/discard-rest';
import { Exchange } from '../http/exchange';
import type { RequestHead } from '../http/gateway-request';
import type { ResponseHeader } from '../http/gateway-response';
import { properties } from '../http/properties';
import { readRequest } from '../http/read-request';
import { writeResponse } from '../http/write-response';
import { Observer } from '../observability/observer';
import type { LambdaProxyOptions, ResolvedOptions } from '../options/definitions';
import { placeOfAction } from '../options/place';
import { resolveOptions } from '../options/resolve';
import { policySchema } from '../options/schemas';
import { selectUpstream } from '../upstreams';
import type { InvokedFunction, Upstream } from '../upstreams/upstream';

const POLICY_NAME = 'lambda-proxy';
const ASKED_TWICE = 'lambda-proxy was asked twice for one request: what comes before it went on twice';

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
function hostContext(req: HostRequest): HostContext {
  const [url, route, params, context] = properties(req, 'url', 'route', 'params', 'egContext');
  const [requestId, apiEndpoint] = properties(context, 'requestID', 'apiEndpoint');
  const [consumer, lambda, requestStream] = properties(context, 'consumer', 'lambda', 'requestStream');
  const matched = { pattern: route.path, syntax: 4, mountPath: '', params } as const;
  return { requestId, url, route: matched, apiEndpoint, consumer, lambda, requestStream };
}

/** Answers one request. */
export type Handler = (req: ExpressRequest, res: HostResponse, host: HostContext) => void;

/** One request, and everything that belongs to it. */
interface Call {
  readonly req: ExpressRequest;
  readonly res: HostResponse;
  readonly host: HostContext;
  readonly exchange: Exchange;
}

/** A request's life. */
export function lambdaProxyHandler(options: ResolvedOptions, upstream: Upstream, logger: Logger): Handler {
  const observer = new Observer(upstream.invoked, logger);
  watchArrivals();

  async function proxy({ req, res, host, exchange }: Call): Promise<void> {
    const received = readRequest(req, host, exchange.receivedAt, options);
    const request = observer.beginCall(received, exchange);
    const response = await observer.inCall(exchange, () => upstream.forward(request, exchange));
    exchange.phase = 'answer';
    await writeResponse(res, request.method, response, [requestIdHeader(request.id), traceHeader(request)], exchange);
    exchange.outcome = { status: response.status, error: undefined };
  }

  async function fail({ req, res, host, exchange }: Call, thrown: unknown): Promise<void> {
    const error = toLambdaProxyError(thrown, exchange.signal);
    const status = errorStatus(error, upstream.errorDialect, options.unhandledStatus);
    exchange.outcome = { status, error };
    logger[status < 500 ? 'warn' : 'error'](
      failureLine(error, failureContext(status, upstream.invoked, host, exchange)),
    );
    if (error.code === 'CLIENT_CLOSED' || res.destroyed || res.headersSent) {
      res.destroy();
      return;
    }
    const response = errorResponse(error, upstream.errorDialect, options.unhandledStatus);
    await writeResponse(res, req.method, response, [requestIdHeader(host.requestId)], exchange);
  }

  async function handle(call: Call): Promise<void> {
    try {
      await proxy(call);
    } catch (thrown) {
      await fail(call, thrown).catch(hangUp(call, logger));
    } finally {
      finish(call, observer);
    }
  }

  return (req, res, host) => {
    const arrival = takeRequest(req);
    if (arrival === undefined) logger.error(ASKED_TWICE);
    // The only asynchronous boundary with the host; what may still reject is an application's own logger that throws.
    else handle({ req, res, host, exchange: new Exchange(res, options.timeout, arrival) }).catch(() => undefined);
  };
}

/** Leaves nothing behind, however the request ended. */
function finish({ req, host, exchange }: Call, observer: Observer): void {
  exchange.end();
  discardRest(req);
  observer.end(host.requestId, exchange);
}

function failureContext(
  status: number,
  { name, qualifier }: InvokedFunction,
  { requestId }: HostContext,
  { attempts, phase, elapsed }: Exchange,
): FailureContext {
  return { status, function: name, qualifier, requestId, attempts, phase, ms: Math.round(elapsed) };
}

/** Even the error answer can throw: policies before us wrap `res`. */
function hangUp({ res, host }: Call, logger: Logger): (thrown: unknown) => void {
  return (thrown) => {
    res.destroy();
    logger.error(
      `lambda-proxy no answer could be written requestId="${host.requestId}" cause=${describeError(thrown)}`,
    );
  };
}

/** Every answer carries the id that the event and the log have. */
function requestIdHeader(id: string): ResponseHeader {
  return ['x-amzn-RequestId', [id]];
}

function traceHeader(request: RequestHead): ResponseHeader {
  return ['X-Amzn-Trace-Id', [request.traceId]];
}
