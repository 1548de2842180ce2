import { context } from '@opentelemetry/api';
import type { Logger } from '../host/express-gateway';
import type { Exchange } from '../http/exchange';
import { onceASecond } from '../http/once-a-second';
import type { ReceivedRequest } from '../http/gateway-request';
import type { InvokedFunction } from '../upstreams/upstream';
import { callLine } from './call-line';
import { FunctionMetrics } from './metrics';
import { spanDescriber } from './span-description';
import type { TracedCall } from './tracing';
import { beginSpan, endSpan, withTraceHeaders } from './tracing';

/**
 * What operators learn of each request to one function: figures, a span, and a line at level `debug`. An application's own
 * exporter, propagator or logger may throw; no request fails for that.
 */
export class Observer {
  readonly #metrics: FunctionMetrics;
  readonly #describe;
  /** Asked once a second: winston goes through its transports, in a thirtieth of a small request's time (measured). */
  readonly #isDebugEnabled;
  readonly #traced = new WeakMap<Exchange, TracedCall>();

  constructor(
    private readonly invoked: InvokedFunction,
    private readonly logger: Logger,
  ) {
    this.#metrics = new FunctionMetrics(invoked);
    this.#describe = spanDescriber(invoked);
    this.#isDebugEnabled = onceASecond(() => logger.isDebugEnabled?.() ?? true);
  }

  /** @returns the request as the function is to see it: with the headers that continue the trace */
  beginCall(received: ReceivedRequest, exchange: Exchange): ReceivedRequest {
    try {
      const traced = beginSpan(received, this.#describe);
      if (!traced) return received;
      this.#traced.set(exchange, traced);
      return withTraceHeaders(received, traced);
    } catch {
      return received;
    }
  }

  /** Runs the call itself, so that spans which others make of its parts (of credentials, of the socket) are below its own. */
  inCall<T>(exchange: Exchange, call: () => T): T {
    const traced = this.#traced.get(exchange);
    return traced ? context.with(traced.context, call) : call();
  }

  end(requestId: string, exchange: Exchange): void {
    this.#metrics.end(exchange);
    try {
      const traced = this.#traced.get(exchange);
      if (traced) endSpan(traced, exchange);
      // The line is not made where nobody reads it.
      if (this.#isDebugEnabled(exchange.receivedAt)) this.logger.debug(callLine(requestId, this.invoked, exchange));
    } catch {
      // The answer is out, and there is nobody left to tell.
    }
  }
}
