import type { Context, Span, TextMapSetter } from '@opentelemetry/api';
import { ProxyTracer, SpanKind, SpanStatusCode, isSpanContextValid, propagation, trace } from '@opentelemetry/api';
import type { Exchange } from '../http/exchange';
import type { ReceivedRequest } from '../http/gateway-request';
import type { SpanDescription } from './span-description';
import { parentContext } from './trace-parent';

/** The call's span, and the context in which it is the active one. */
export interface TracedCall {
  readonly span: Span;
  readonly context: Context;
}

/** Begins the span of a call; undefined without an SDK. */
export function beginSpan(
  request: ReceivedRequest,
  describe: (request: ReceivedRequest) => SpanDescription,
): TracedCall | undefined {
  // Asked for each time: one that was taken before the application set up its SDK, with another copy of the API, stays idle.
  const tracer = trace.getTracer('express-gateway-plugin-lambda');
  // What stands for a tracer where there is none.
  if (tracer instanceof ProxyTracer) return undefined;
  const parent = parentContext(request);
  const { name, attributes } = describe(request);
  const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent);
  return isSpanContextValid(span.spanContext()) ? { span, context: trace.setSpan(parent, span) } : undefined;
}

/**
 * A failure is the span's error, by its code; so is a function's own answer from 500 on. Answers below are in order: a 404
 * is what the function means.
 */
export function endSpan({ span }: TracedCall, { outcome, attempts }: Exchange): void {
  if (outcome) span.setAttribute('http.response.status_code', outcome.status);
  if (attempts > 1) span.setAttribute('http.request.resend_count', attempts - 1);
  if (outcome?.error) {
    span.setAttribute('error.type', outcome.error.code);
    span.setStatus({ code: SpanStatusCode.ERROR, message: outcome.error.message });
  } else if (outcome && outcome.status >= 500) {
    span.setAttribute('error.type', String(outcome.status));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}

/** The request with the headers by which the function continues the trace, whatever the application's propagator writes. */
export function withTraceHeaders(request: ReceivedRequest, { context }: TracedCall): ReceivedRequest {
  const written = new Map<string, string>();
  propagation.inject(context, written, toMap);
  if (written.size === 0) return request;
  // All that it may write goes, as the API asks: a client's `tracestate` would not belong to the new `traceparent`.
  const stale = new Set([...propagation.fields().map((name) => name.toLowerCase()), ...written.keys()]);
  const added = [...written].map(([name, value]) => ({ name, lowerName: name, values: [value], isOwn: true as const }));
  const headers = [...request.headers.filter(({ lowerName }) => !stale.has(lowerName)), ...added];
  return { ...request, headers, traceId: written.get('x-amzn-trace-id') ?? request.traceId };
}

const toMap: TextMapSetter<Map<string, string>> = {
  set: (carrier, name, value) => carrier.set(name.toLowerCase(), value),
};
