import type { Context, SpanContext, TextMapGetter } from '@opentelemetry/api';
import { TraceFlags, context, propagation, trace } from '@opentelemetry/api';
import type { HeaderField, ReceivedRequest } from '../http/gateway-request';
import { headerValue } from '../http/gateway-request';

/**
 * What a call belongs to: the span that is active already (that of an instrumented server); else what the application's
 * propagator finds in the client's headers; else what X-Ray's header says.
 */
export function parentContext(request: ReceivedRequest): Context {
  const active = context.active();
  if (trace.getSpanContext(active)) return active;
  const extracted = propagation.extract(active, request.headers, requestHeaders);
  if (trace.getSpanContext(extracted)) return extracted;
  const spanContext = fromTraceHeader(headerValue(request, 'x-amzn-trace-id'));
  return spanContext ? trace.setSpanContext(extracted, spanContext) : extracted;
}

const requestHeaders: TextMapGetter<readonly HeaderField[]> = {
  get: (headers, name) => headerValue({ headers }, name.toLowerCase()),
  keys: (headers) => headers.map(({ lowerName }) => lowerName),
};

const ROOT = /(?:^|;)\s*Root=1-([0-9a-f]{8})-([0-9a-f]{24})\s*(?:;|$)/i;
const PARENT = /(?:^|;)\s*Parent=([0-9a-f]{16})\s*(?:;|$)/i;
const SAMPLED = /(?:^|;)\s*Sampled=1\s*(?:;|$)/i;

/**
 * The span that `X-Amzn-Trace-Id` names; its fields come in any order. Without a parent it names a trace that nobody has
 * begun. https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function fromTraceHeader(header = ''): SpanContext | undefined {
  const [, time, unique] = ROOT.exec(header) ?? [];
  const [, spanId] = PARENT.exec(header) ?? [];
  if (time === undefined || unique === undefined || spanId === undefined) return undefined;
  return {
    traceId: `${time}${unique}`.toLowerCase(),
    spanId: spanId.toLowerCase(),
    traceFlags: SAMPLED.test(header) ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  };
}
