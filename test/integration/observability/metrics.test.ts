import type { ErrorCode } from '../../../src/errors/catalogue';
import { streamedResponse } from '../../support/lambda-endpoint';
import { buildRequest, RawClient } from '../../support/raw-client';
import { gatewayOptions, type Stack, startStack } from '../../support/stack';
import { type Exposition, scrape } from './exposition';
import { failingRoutes, failures, provoke } from './failures';

const NUL8 = '\0'.repeat(8);

let stack: Stack;

beforeAll(async () => {
  const routes = {
    ...(await failingRoutes()),
    plain: { action: { region: 'eu-central-1', qualifier: 'live' } },
    narrow: { action: { region: 'eu-central-1', maxConnections: 1 } },
    unwritable: {
      before: [{ 'test-script': { action: { behaviour: 'break-response' } } }],
      action: { region: 'eu-central-1' },
    },
    late: { action: { region: 'eu-central-1', timeout: 300 } },
    streamed: { action: { region: 'eu-central-1', invokeMode: 'RESPONSE_STREAM' } },
  };
  stack = await startStack(routes, { env: { AWS_REGION: undefined } });
});
beforeEach(() => {
  stack.lambda.reset();
});
afterAll(() => stack.close());

const of = (name: string, qualifier = '') => ({ function: name, qualifier });

/** A request's figures are there a moment after its answer. */
async function scrapedWhen(condition: (scraped: Exposition) => boolean): Promise<Exposition> {
  for (;;) {
    const scraped = await scrape(stack.gateway);
    if (condition(scraped)) return scraped;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const requestsOf = (scraped: Exposition, name: string, outcome: string): number =>
  scraped.value('lambda_proxy_requests_total', { ...of(name), outcome });

const gauges = (scraped: Exposition): readonly number[] => [
  scraped.value('lambda_proxy_connections', { state: 'in_use' }),
  scraped.value('lambda_proxy_connections', { state: 'waiting' }),
  scraped.value('lambda_proxy_streams_open'),
];

function signal() {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}

describe('what is exposed', () => {
  test('in the text format of version 0.0.4', async () => {
    const { status, headers } = await fetch(`${stack.gateway.adminUrl}/metrics`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  });

  test('names, units and words follow the conventions', async () => {
    const { families } = await scrape(stack.gateway);
    expect(families.map(({ name, type }) => `${type} ${name}`)).toEqual([
      'counter lambda_proxy_requests_total',
      'histogram lambda_proxy_request_duration_seconds',
      'histogram lambda_proxy_queue_duration_seconds',
      'histogram lambda_proxy_function_duration_seconds',
      'histogram lambda_proxy_event_size_bytes',
      'histogram lambda_proxy_result_size_bytes',
      'histogram lambda_proxy_connect_duration_seconds',
      'gauge lambda_proxy_connections',
      'gauge lambda_proxy_streams_open',
    ]);
    for (const { name, type, help } of families) {
      expect(help).toMatch(/^[A-Z].*\.$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      if (type === 'histogram') expect(name).toMatch(/_(?:seconds|bytes)$/);
    }
  });

  test('every outcome of every function is there from the start, so that the first failure is an increase', async () => {
    const counted = (await scrape(stack.gateway)).series.filter((key) => key.includes('"plain"'));
    const outcomes = ['ok', ...Object.keys(failures).map((code) => code.toLowerCase())];
    expect(outcomes.filter((outcome) => !counted.some((key) => key.includes(`"${outcome}"`)))).toEqual([]);
  });

  test('buckets add up', async () => {
    await stack.request({ target: '/plain' });
    const { families } = await scrapedWhen(
      (scraped) => scraped.value('lambda_proxy_request_duration_seconds_count', of('plain', 'live')) > 0,
    );
    for (const { name, samples } of families.filter(({ type }) => type === 'histogram')) {
      const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
      const lowest = buckets[0]?.labels.le;
      const infinite = buckets.filter(({ labels }) => labels.le === '+Inf').map(({ value }) => value);
      const counts = samples.filter((sample) => sample.name === `${name}_count`).map(({ value }) => value);
      expect(counts.length).toBeGreaterThan(0);
      expect(infinite).toEqual(counts);
      buckets.slice(1).forEach(({ labels, value }, i) => {
        if (labels.le !== lowest) expect(value).toBeGreaterThanOrEqual(buckets[i]!.value);
      });
    }
  });
});

test('a request that succeeds: counted once, timed in each stage, its event and result measured', async () => {
  const labels = of('plain', 'live');
  const before = await scrape(stack.gateway);
  stack.lambda.respondWith({ payload: '{"body":"1234"}', delayMs: 50 });
  expect((await stack.request({ target: '/plain' })).statusCode).toBe(200);
  const after = await scrapedWhen(
    (scraped) =>
      scraped.value('lambda_proxy_request_duration_seconds_count', labels) >
      before.value('lambda_proxy_request_duration_seconds_count', labels),
  );
  const change = (name: string, more = {}): number =>
    after.value(`lambda_proxy_${name}`, { ...labels, ...more }) -
    before.value(`lambda_proxy_${name}`, { ...labels, ...more });
  expect(change('requests_total', { outcome: 'ok' })).toBe(1);
  for (const name of ['request_duration_seconds', 'queue_duration_seconds', 'function_duration_seconds']) {
    expect(change(`${name}_count`)).toBe(1);
    expect(change(`${name}_sum`)).toBeGreaterThan(0);
  }
  // In seconds: the function took 50 ms or more, and the whole of a request is more than that part of it.
  expect(change('function_duration_seconds_sum')).toBeGreaterThan(0.045);
  expect(change('function_duration_seconds_sum')).toBeLessThan(change('request_duration_seconds_sum'));
  expect(change('event_size_bytes_sum')).toBe(stack.lambda.last().body.length);
  expect(change('result_size_bytes_sum')).toBe(15);
  expect(after.value('lambda_proxy_connect_duration_seconds_count')).toBeGreaterThan(0);
});

describe('each failure is counted under its own outcome, and under no other', () => {
  test.each(Object.keys(failures) as ErrorCode[])('%s', async (code) => {
    const { or, url } = failures[code];
    const name = url ?? code.toLowerCase().replaceAll('_', '-');
    const outcomes = [code, ...(or ? [or] : [])].map((each) => each.toLowerCase());
    const failed = (scraped: Exposition): number =>
      outcomes.reduce((sum, outcome) => sum + requestsOf(scraped, name, outcome), 0);
    await provoke(stack, code);
    const after = await scrapedWhen((scraped) => failed(scraped) > 0);
    expect(failed(after)).toBe(1);
    const others = Object.keys(failures)
      .map((each) => each.toLowerCase())
      .filter((outcome) => !outcomes.includes(outcome));
    expect(others.filter((outcome) => requestsOf(after, name, outcome) > 0)).toEqual([]);
    expect(requestsOf(after, name, 'ok')).toBe(code === 'OVERLOADED' ? 1 : 0);
  });

  test('nothing of them is left', async () => {
    expect(gauges(await scrapedWhen((scraped) => gauges(scraped).every((value) => value === 0)))).toEqual([0, 0, 0]);
  });
});

test('one connection: the second request waits, which shows while it waits and in the time it waited', async () => {
  const answer = signal();
  stack.lambda.respondWith({ when: answer.given, result: {} });
  const first = stack.request({ target: '/narrow' });
  await stack.lambda.waitFor(1);
  const second = stack.request({ target: '/narrow' });
  const during = await scrapedWhen((scraped) => scraped.value('lambda_proxy_connections', { state: 'waiting' }) > 0);
  expect(gauges(during)).toEqual([1, 1, 0]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  answer.give();
  await Promise.all([first, second]);
  const after = await scrapedWhen((scraped) => requestsOf(scraped, 'narrow', 'ok') === 2);
  expect(gauges(after)).toEqual([0, 0, 0]);
  expect(after.value('lambda_proxy_queue_duration_seconds_sum', of('narrow'))).toBeGreaterThan(0.045);
});

test('an answer that cannot even be written as an error is counted, and not under way any more', async () => {
  await expect(stack.request({ target: '/unwritable' })).rejects.toThrow(/closed without a response/);
  const after = await scrapedWhen((scraped) => requestsOf(scraped, 'unwritable', 'internal') === 1);
  expect(gauges(after)).toEqual([0, 0, 0]);
});

test('a call that ran into its deadline is in the durations: nothing looks faster for it', async () => {
  stack.lambda.respondWith({ fault: 'hang' });
  expect((await stack.request({ target: '/late' })).statusCode).toBe(504);
  const after = await scrapedWhen((scraped) => requestsOf(scraped, 'late', 'timeout') === 1);
  expect(after.value('lambda_proxy_function_duration_seconds_count', of('late'))).toBe(1);
  expect(after.value('lambda_proxy_request_duration_seconds_sum', of('late'))).toBeGreaterThanOrEqual(0.3);
});

describe('streams', () => {
  const open = async () => {
    const end = signal();
    stack.lambda.respondWith({
      stream: [{ chunk: `{}${NUL8}` }, { chunk: 'first' }, { wait: end.given }, { chunk: 'last' }, { complete: {} }],
    });
    const client = await RawClient.connect(stack.gateway);
    await client.send(buildRequest({ target: '/streamed' }));
    await client.readUntil('first');
    return { client, end };
  };

  test('open while they last; their bytes are counted', async () => {
    const before = await scrape(stack.gateway);
    const { client, end } = await open();
    expect(gauges(await scrape(stack.gateway))).toEqual([1, 0, 1]);
    end.give();
    await client.read();
    client.destroy();
    const after = await scrapedWhen(
      (scraped) => requestsOf(scraped, 'streamed', 'ok') > requestsOf(before, 'streamed', 'ok'),
    );
    expect(gauges(after)).toEqual([0, 0, 0]);
    const received = 'lambda_proxy_result_size_bytes_sum';
    expect(after.value(received, of('streamed')) - before.value(received, of('streamed'))).toBe(9);
  });

  test('closed when the client has left', async () => {
    const before = await scrape(stack.gateway);
    const { client } = await open();
    client.destroy();
    const after = await scrapedWhen(
      (scraped) => requestsOf(scraped, 'streamed', 'client_closed') > requestsOf(before, 'streamed', 'client_closed'),
    );
    expect(gauges(after)).toEqual([0, 0, 0]);
  });

  test('a connection is in use while the first piece is awaited', async () => {
    const end = signal();
    stack.lambda.respondWith({ stream: [{ wait: end.given }, ...streamedResponse({}, 'body').stream] });
    const response = stack.request({ target: '/streamed' });
    await stack.lambda.waitFor(1);
    expect(gauges(await scrape(stack.gateway))).toEqual([1, 0, 0]);
    end.give();
    expect((await response).body.toString()).toBe('body');
  });

  test('a whole result is measured as it came', async () => {
    const before = await scrape(stack.gateway);
    stack.lambda.respondWith({ stream: [{ chunk: '{"body":"1234"}' }, { complete: {} }] });
    await stack.request({ target: '/streamed' });
    const after = await scrapedWhen(
      (scraped) => requestsOf(scraped, 'streamed', 'ok') > requestsOf(before, 'streamed', 'ok'),
    );
    const received = 'lambda_proxy_result_size_bytes_sum';
    expect(after.value(received, of('streamed')) - before.value(received, of('streamed'))).toBe(15);
  });
});

test('clients cannot add series: paths, queries, methods, headers and ids of requests are no labels', async () => {
  await stack.request({ target: '/plain' });
  const before = await scrape(stack.gateway);
  for (let i = 0; i < 20; i += 1) {
    await stack.request({
      method: i % 2 ? 'PATCH' : 'DELETE',
      target: `/plain/${i}?id=${i}`,
      headers: [['X-Amzn-Trace-Id', `Root=1-65a1b2c3-0123456789abcdef012345${10 + i}`]],
    });
  }
  const after = await scrapedWhen(
    (scraped) =>
      scraped.value('lambda_proxy_request_duration_seconds_count', of('plain', 'live')) >=
      before.value('lambda_proxy_request_duration_seconds_count', of('plain', 'live')) + 20,
  );
  expect(after.series).toEqual(before.series);
});

test('a hot reload keeps what was counted, and the one page', async () => {
  await stack.request({ target: '/plain' });
  const counted = (scraped: Exposition): number =>
    scraped.value('lambda_proxy_requests_total', { ...of('plain', 'live'), outcome: 'ok' });
  const before = await scrapedWhen((scraped) => counted(scraped) > 0);
  const next = gatewayOptions({ plain: { action: { region: 'eu-central-1', qualifier: 'live', timeout: 20_000 } } });
  expect(await stack.gateway.reload({ ...next, pluginSettings: { unhandledStatus: 502 } })).toBe('completed');
  expect((await stack.request({ target: '/plain' })).statusCode).toBe(200);
  const after = await scrapedWhen((scraped) => counted(scraped) > counted(before));
  expect(counted(after)).toBe(counted(before) + 1);
  expect(after.series).toEqual(before.series);
});
