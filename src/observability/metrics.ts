import { Counter, Gauge, Histogram as PromHistogram, Registry } from 'prom-client';
import type { ErrorCode } from '../errors/catalogue';
import { catalogue } from '../errors/catalogue';
import type { Exchange } from '../http/exchange';
import { inPhases } from '../http/under-way';
import type { InvokedFunction } from '../upstreams/upstream';
import type { Observations } from './histogram';
import { Histogram } from './histogram';

/** Seconds; from what a warm function takes to the longest that Lambda lets one run. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];
/** Bytes; up to what Lambda takes in one piece, and beyond it for streams. */
const SIZES = [256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 6_291_456, 25_165_824, 104_857_600];

/**
 * The figures of all requests in this process. Names follow Prometheus' conventions
 * (https://prometheus.io/docs/practices/naming/). Labels come from the configuration and from the table of failures, never
 * from a request: their number is bounded.
 */
export const metricsRegistry = new Registry();

const registers = [metricsRegistry];
const labelNames = ['function', 'qualifier'] as const;

type FunctionLabels = Readonly<Record<(typeof labelNames)[number], string>>;

/** How often requests to one function ended in each way. */
type Outcomes = Map<string, number>;
/** By the labels of a function, as text. Counted here, and handed over when somebody asks, for the reason of `Histogram`. */
const outcomes = new Map<string, { readonly labels: FunctionLabels; readonly counts: Outcomes }>();

new Counter({
  name: 'lambda_proxy_requests_total',
  help: 'Requests by how they ended: `ok`, or the code of a failure.',
  labelNames: [...labelNames, 'outcome'] as const,
  registers,
  collect() {
    this.reset();
    for (const { labels, counts } of outcomes.values()) {
      for (const [outcome, count] of counts) this.inc({ ...labels, outcome }, count);
    }
  },
});
const total = histogram(
  'lambda_proxy_request_duration_seconds',
  'From receiving a request to the end of its answer.',
  DURATIONS,
);
const queue = histogram(
  'lambda_proxy_queue_duration_seconds',
  'Waiting for a connection, or for one to open.',
  DURATIONS,
);
const invocation = histogram(
  'lambda_proxy_function_duration_seconds',
  'From sending a call to the head of its answer, or to giving up.',
  DURATIONS,
);
const sent = histogram('lambda_proxy_event_size_bytes', 'What a function got: its event, or a body.', SIZES);
const received = histogram('lambda_proxy_result_size_bytes', 'What a function gave: its result, or a body.', SIZES);

/** Opening a connection belongs to no request in particular: whoever waits first gets it. */
export const connectDuration = new PromHistogram({
  name: 'lambda_proxy_connect_duration_seconds',
  help: 'Opening a connection, its TLS handshake included.',
  buckets: DURATIONS,
  registers,
});

new Gauge({
  name: 'lambda_proxy_connections',
  help: 'Requests that use a connection (`in_use`), and that wait for one (`waiting`).',
  labelNames: ['state'] as const,
  registers,
  collect() {
    // A stream's first piece is awaited in the stage `result`; that of a whole answer is over before anybody can ask.
    this.set({ state: 'in_use' }, inPhases('invoke', 'body', 'result', 'stream'));
    this.set({ state: 'waiting' }, inPhases('connect'));
  },
});
new Gauge({
  name: 'lambda_proxy_streams_open',
  help: 'Streamed answers that are not at their end.',
  registers,
  collect() {
    this.set(inPhases('stream'));
  },
});

function histogram(name: string, help: string, bounds: readonly number[]): Histogram {
  return new Histogram(metricsRegistry, name, help, labelNames, bounds);
}

/** The label `outcome` of a request, by what failed. */
const OUTCOMES: ReadonlyMap<ErrorCode | undefined, string> = new Map([
  [undefined, 'ok'],
  ...(Object.keys(catalogue) as ErrorCode[]).map((code) => [code, code.toLowerCase()] as const),
]);

function outcomesOf(labels: FunctionLabels): Outcomes {
  const key = JSON.stringify(labels);
  const known = outcomes.get(key);
  if (known) return known.counts;
  // A series that begins with its first failure hides that one: Prometheus sees an increase from the second value on.
  const counts: Outcomes = new Map([...OUTCOMES.values()].map((outcome) => [outcome, 0]));
  outcomes.set(key, { labels, counts });
  return counts;
}

/** The figures of one function. */
export class FunctionMetrics {
  readonly #outcomes: Outcomes;
  readonly #total: Observations;
  readonly #queue: Observations;
  readonly #invocation: Observations;
  readonly #sent: Observations;
  readonly #received: Observations;

  constructor({ name, qualifier }: InvokedFunction) {
    const labels = { function: name, qualifier };
    this.#outcomes = outcomesOf(labels);
    this.#total = total.labels(labels);
    this.#queue = queue.labels(labels);
    this.#invocation = invocation.labels(labels);
    this.#sent = sent.labels(labels);
    this.#received = received.labels(labels);
  }

  end(exchange: Exchange): void {
    const { outcome, elapsed, durations, bytesSent, bytesReceived } = exchange;
    const ended = OUTCOMES.get(outcome?.error?.code) ?? '';
    this.#outcomes.set(ended, (this.#outcomes.get(ended) ?? 0) + 1);
    this.#total.observe(elapsed / 1_000);
    // A request that failed before a stage has nothing to say of it.
    if (durations.connect !== undefined) this.#queue.observe(durations.connect / 1_000);
    if (durations.invoke !== undefined) this.#invocation.observe(durations.invoke / 1_000);
    if (bytesSent > 0) this.#sent.observe(bytesSent);
    if (bytesReceived > 0) this.#received.observe(bytesReceived);
  }
}
