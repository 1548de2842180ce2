import { context, propagation, SpanKind, SpanStatusCode, type TextMapPropagator, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { eventually } from '../../support/eventually';
import { streamedResponse } from '../../support/lambda-endpoint';
import { buildRequest, RawClient, type RequestParts } from '../../support/raw-client';
import { type Stack, startStack } from '../../support/stack';
import { type App, startApp } from '../express/support';
import { startUpstream, type Upstream } from '../function-url/support/upstream';

const PARENT = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const TRACEPARENT = `00-${PARENT.traceId}-${PARENT.spanId}-01`;
const XRAY = 'Root=1-65a1b2c3-0123456789abcdef01234567;Parent=53995c3f42cd8ad8;Sampled=1';

/** What an application does at its start; its parts are those of the process, hence a file of its own. */
const exporter = new InMemorySpanExporter();
function setUp(propagator: TextMapPropagator): void {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(propagator);
}
function takeDown(): void {
  for (const api of [trace, context, propagation]) api.disable();
}

const W3C = new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] });

/** What AWS' propagator writes, which is the header of X-Ray. */
const toXRay: TextMapPropagator = {
  fields: () => ['X-Amzn-Trace-Id'],
  extract: (extracted) => extracted,
  inject: (injected, carrier, setter) => {
    const { traceId, spanId } = trace.getSpanContext(injected)!;
    const header = `Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)};Parent=${spanId};Sampled=1`;
    setter.set(carrier, 'X-Amzn-Trace-Id', header);
  },
};

let stack: Stack;
let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
  const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:reports:live';
  stack = await startStack({
    v1: { endpoint: { paths: ['/v1/:id'] } },
    v2: { action: { payloadFormatVersion: '2.0' } },
    legacy: { action: { payloadFormatVersion: 'legacy' } },
    custom: { action: { useCustomIntegration: true } },
    streamed: { action: { invokeMode: 'RESPONSE_STREAM' } },
    arn: { action: { functionName: arn } },
    late: { action: { timeout: 300 } },
    url: { action: { functionName: undefined, functionUrl: `${upstream.url}/base?key=secret` } },
  });
});
beforeEach(() => {
  stack.lambda.reset();
  upstream.reset();
  exporter.reset();
});
afterAll(async () => {
  await stack.close();
  await upstream.close();
});

/** The one span of a request; it ends a moment after the answer. */
async function theSpan(): Promise<ReadableSpan> {
  await eventually(() => exporter.getFinishedSpans().length > 0);
  const [span, ...more] = exporter.getFinishedSpans();
  expect(more).toEqual([]);
  return span!;
}

async function traced(parts: RequestParts): Promise<ReadableSpan> {
  await stack.request(parts);
  return theSpan();
}

const headerOf = ({ traceId, spanId }: { traceId: string; spanId: string }): string => `00-${traceId}-${spanId}-01`;
const idsOf = (span: ReadableSpan) => ({ traceId: span.spanContext().traceId, parent: span.parentSpanContext?.spanId });

describe('without an SDK', () => {
  test('the event is as it is without this: headers of whatever propagation, as the client sent them', async () => {
    const sent: [string, string][] = [
      ['Traceparent', TRACEPARENT],
      ['tracestate', 'a=1'],
      ['baggage', 'user=7'],
      ['X-Amzn-Trace-Id', XRAY],
    ];
    const response = await stack.request({ target: '/v1/7', headers: sent });
    const { headers } = stack.lambda.last().event;
    expect(Object.entries(headers as object).filter(([name]) => /trace|baggage/i.test(name))).toEqual(sent);
    expect(response.all('x-amzn-trace-id')).toEqual([XRAY]);
    await stack.request({ target: '/v1/7' });
    expect(Object.keys(stack.lambda.last().event.headers as object)).not.toContain('traceparent');
  });
});

describe('with an SDK', () => {
  beforeAll(() => {
    setUp(W3C);
  });
  afterAll(takeDown);

  test('a call is a client span in the words of the conventions', async () => {
    const span = await traced({ target: '/v1/7?token=secret' });
    expect({ name: span.name, kind: span.kind, status: span.status, attributes: span.attributes }).toEqual({
      name: 'invoke v1',
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
      attributes: {
        'faas.invoked_name': 'v1',
        'faas.invoked_provider': 'aws',
        'http.request.method': 'GET',
        'http.route': '/v1/{id}',
        'http.response.status_code': 200,
        'url.path': '/v1/7',
      },
    });
  });

  test('of an ARN it names function and region', async () => {
    const { name, attributes } = await traced({ target: '/arn' });
    expect([name, attributes['faas.invoked_name'], attributes['faas.invoked_region']]).toEqual([
      'invoke reports',
      'reports',
      'eu-west-1',
    ]);
  });

  test('a request to a URL is one of an HTTP client, without the query', async () => {
    const { name, attributes } = await traced({ method: 'POST', target: '/url/x?token=secret', body: 'a' });
    expect([name, attributes]).toEqual([
      'POST',
      {
        'server.address': '127.0.0.1',
        'server.port': upstream.port,
        'url.full': `${upstream.url}/base/url/x`,
        'http.request.method': 'POST',
        'http.route': '/url/{proxy+}',
        'http.response.status_code': 200,
      },
    ]);
  });

  describe('the function gets the context', () => {
    const sent: [string, string][] = [
      ['Traceparent', TRACEPARENT],
      ['tracestate', 'a=1'],
      ['baggage', 'user=7'],
    ];

    test.each(['/v1/7', '/v2', '/legacy', '/custom', '/streamed'])("in the event's headers: %s", async (target) => {
      if (target === '/streamed') stack.lambda.respondWith(streamedResponse({}, 'a'));
      const span = await traced({ target, headers: sent });
      expect(idsOf(span)).toEqual({ traceId: PARENT.traceId, parent: PARENT.spanId });
      const { headers } = stack.lambda.last().event;
      const lower = Object.entries(headers as object).map(([name, value]) => [name.toLowerCase(), value as string]);
      const of = (wanted: string) => lower.filter(([name]) => name === wanted).map(([, value]) => value);
      expect([of('traceparent'), of('tracestate'), of('baggage')]).toEqual([
        [headerOf(span.spanContext())],
        ['a=1'],
        ['user=7'],
      ]);
    });

    test('in the headers of a request to a URL', async () => {
      const span = await traced({ target: '/url', headers: sent });
      expect(upstream.last().all('traceparent')).toEqual([headerOf(span.spanContext())]);
      expect(upstream.last().all('tracestate')).toEqual(['a=1']);
    });

    test('and no state of another trace', async () => {
      const span = await traced({
        target: '/v2',
        headers: [
          ['X-Amzn-Trace-Id', XRAY],
          ['tracestate', 'a=1'],
        ],
      });
      const { headers } = stack.lambda.last().event;
      expect([headers.traceparent, headers.tracestate]).toEqual([headerOf(span.spanContext()), undefined]);
    });
  });

  describe('its parent is', () => {
    test('what traceparent says, before what X-Amzn-Trace-Id says', async () => {
      const span = await traced({
        target: '/v2',
        headers: [
          ['X-Amzn-Trace-Id', XRAY],
          ['traceparent', TRACEPARENT],
        ],
      });
      expect(idsOf(span)).toEqual({ traceId: PARENT.traceId, parent: PARENT.spanId });
      expect(stack.lambda.last().event.headers['x-amzn-trace-id']).toBe(XRAY);
    });

    test('what X-Amzn-Trace-Id says', async () => {
      const span = await traced({ target: '/v2', headers: [['X-Amzn-Trace-Id', XRAY]] });
      expect(idsOf(span)).toEqual({ traceId: '65a1b2c30123456789abcdef01234567', parent: '53995c3f42cd8ad8' });
    });

    test.each([
      ['nothing', []],
      [
        'nonsense',
        [
          ['traceparent', '00-xyz'],
          ['X-Amzn-Trace-Id', 'Root=1'],
        ] as [string, string][],
      ],
    ])('none, where the client says %s: it begins a trace', async (_name, headers) => {
      const span = await traced({ target: '/v2', headers });
      expect(idsOf(span).parent).toBeUndefined();
      expect(stack.lambda.last().event.headers.traceparent).toBe(headerOf(span.spanContext()));
    });

    test('the active span of an instrumented server, before all that', async () => {
      const app: App = await startApp(4, ({ app: application, proxy }) => {
        const handle = proxy();
        application.get('/', (req, res) => {
          trace.getTracer('server').startActiveSpan('GET /', { kind: SpanKind.SERVER }, (server) => {
            handle(req, res);
            server.end();
          });
        });
      });
      await app.request({ target: '/', headers: [['traceparent', TRACEPARENT]] });
      await app.close();
      await eventually(() => exporter.getFinishedSpans().length === 2);
      const [server, call] = exporter.getFinishedSpans();
      expect([server!.name, call!.name]).toEqual(['GET /', 'invoke hello']);
      expect(idsOf(call!)).toEqual({ traceId: server!.spanContext().traceId, parent: server!.spanContext().spanId });
    });
  });

  describe('its end', () => {
    test('a failure is an error, by its code, and says nothing of what the function said', async () => {
      stack.lambda.respondWith({ result: { errorType: 'E', errorMessage: 'secret' }, functionError: 'Unhandled' });
      const { status, attributes } = await traced({ target: '/v2' });
      expect(status).toEqual({
        code: SpanStatusCode.ERROR,
        message: 'the function reported an error (Unhandled)',
      });
      expect([attributes['error.type'], attributes['http.response.status_code']]).toEqual(['FUNCTION_ERROR', 500]);
    });

    test.each([
      [404, SpanStatusCode.UNSET, undefined],
      [503, SpanStatusCode.ERROR, '503'],
    ])('a function that answers %d', async (statusCode, code, type) => {
      stack.lambda.respondWith({ result: { statusCode } });
      const { status, attributes } = await traced({ target: '/v2' });
      expect([status, attributes['error.type'], attributes['http.response.status_code']]).toEqual([
        { code },
        type,
        statusCode,
      ]);
    });

    test('a deadline', async () => {
      stack.lambda.respondWith({ fault: 'hang' });
      const { attributes, ended } = await traced({ target: '/late' });
      expect([attributes['error.type'], ended]).toEqual(['TIMEOUT', true]);
    });

    test('a client that leaves', async () => {
      stack.lambda.respondWith({ fault: 'hang' });
      const client = await RawClient.connect(stack.gateway);
      await client.send(buildRequest({ target: '/v2' }));
      await stack.lambda.waitFor(1);
      client.destroy();
      expect((await theSpan()).attributes['error.type']).toBe('CLIENT_CLOSED');
    });

    test("of a stream is the stream's", async () => {
      let end: () => void = () => undefined;
      const wait = new Promise<void>((resolve) => (end = resolve));
      const [head, ...rest] = streamedResponse({}, 'first', 'last').stream;
      stack.lambda.respondWith({ stream: [head!, rest[0]!, { wait }, ...rest.slice(1)] });
      const client = await RawClient.connect(stack.gateway);
      await client.send(buildRequest({ target: '/streamed' }));
      await client.readUntil('first');
      expect(exporter.getFinishedSpans()).toEqual([]);
      end();
      await client.read();
      client.destroy();
      expect((await theSpan()).status.code).toBe(SpanStatusCode.UNSET);
    });
  });

  test('a propagator that throws costs no request', async () => {
    takeDown();
    const fail = (): never => {
      throw new Error('broken');
    };
    setUp({ fields: () => [], extract: fail, inject: fail });
    expect((await stack.request({ target: '/v2' })).statusCode).toBe(200);
    takeDown();
    setUp(W3C);
  });
});

describe("with X-Ray's propagator", () => {
  beforeAll(() => {
    setUp(toXRay);
  });
  afterAll(takeDown);

  test('its header continues in the event, on the call to Lambda and on the answer', async () => {
    const response = await stack.request({ target: '/v1/7', headers: [['X-Amzn-Trace-Id', XRAY]] });
    const span = await theSpan();
    const written = `Root=1-65a1b2c3-0123456789abcdef01234567;Parent=${span.spanContext().spanId};Sampled=1`;
    const { event, headers } = stack.lambda.last();
    expect([event.headers['X-Amzn-Trace-Id'], headers['x-amzn-trace-id'], response.all('x-amzn-trace-id')]).toEqual([
      written,
      written,
      [written],
    ]);
    expect(Object.keys(event.headers as object).filter((name) => /trace/i.test(name))).toEqual(['X-Amzn-Trace-Id']);
  });

  test.each(['/legacy', '/custom'])('in the other formats too: %s', async (target) => {
    const span = await traced({ target });
    expect(stack.lambda.last().event.headers['x-amzn-trace-id']).toContain(`Parent=${span.spanContext().spanId}`);
  });

  test('to a URL', async () => {
    const span = await traced({ target: '/url' });
    expect(upstream.last().all('x-amzn-trace-id')).toEqual([
      expect.stringContaining(`Parent=${span.spanContext().spanId}`),
    ]);
  });
});
