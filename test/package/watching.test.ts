import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { metricsRegistry } from '../../src/observability/metrics';
import { ROOT } from '../support/gateway-config';
import { spawnGateway } from '../support/gateway-process';
import { eventually } from '../support/eventually';
import { startLambdaEndpoint } from '../support/lambda-endpoint';
import { rawRequest } from '../support/raw-client';
import { gatewayOptions } from '../support/stack';

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labels: readonly string[];
}

async function knownMetrics(): Promise<readonly Metric[]> {
  const metrics = await metricsRegistry.getMetricsAsJSON();
  return metrics.map(({ name, help, type }) => {
    const { labelNames } = metricsRegistry.getSingleMetric(name) as unknown as { labelNames: readonly string[] };
    return { name, help, type: String(type), labels: labelNames };
  });
}

/** The names under which the samples of a metric are asked for. */
const sampleNames = ({ name, type }: Metric): readonly string[] =>
  type === 'histogram' ? ['bucket', 'sum', 'count'].map((suffix) => `${name}_${suffix}`) : [name];

/** What Prometheus itself adds to each sample. */
const TARGET_LABELS = ['job', 'instance'];

/** A selector or a grouping that no metric could answer; each expression is looked at as it stands. */
function faultsOf(expr: string, metrics: readonly Metric[]): readonly string[] {
  const selectors = [...expr.matchAll(/\b(lambda_proxy_\w+)(?:\{([^}]*)\})?/g)];
  const used = selectors.map(([, sample = '']) => metrics.find((metric) => sampleNames(metric).includes(sample)));
  const known = used.flatMap((metric) => (metric ? [...metric.labels, ...TARGET_LABELS] : []));
  const isHistogram = used.some((metric) => metric?.type === 'histogram');
  const named = [
    ...selectors.flatMap(([, , labels = '']) =>
      [...labels.matchAll(/(\w+)(?:=~|!~|!=|=)"/g)].map(([, label]) => label),
    ),
    ...[...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/, ?/)),
  ];
  return [
    ...selectors.filter((_selector, i) => !used[i]).map(([, sample]) => `no metric: ${String(sample)}`),
    ...named
      .filter((label) => !known.includes(label ?? '') && label !== 'le')
      .map((label) => `no label: ${String(label)}`),
    ...(isHistogram && !/^histogram_quantile\([\d.]+, sum by \((?:\w+, )*le\) \(rate\(\w+_bucket\{/.test(expr)
      ? ['a quantile is taken from the rate of buckets, by le']
      : []),
    ...(selectors.length === 0 ? ['no metric at all'] : []),
  ];
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly datasource: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
}

describe('the dashboard', () => {
  const dashboard = JSON.parse(read('examples/grafana/dashboard.json')) as {
    readonly schemaVersion: number;
    readonly panels: readonly Panel[];
    readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
  };
  const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

  test.each(expressions)('asks for what there is: %s', async (expr) => {
    expect(faultsOf(expr, await knownMetrics())).toEqual([]);
  });

  test('a name, a label or a quantile that there is not would show', async () => {
    const metrics = await knownMetrics();
    expect(faultsOf('rate(lambda_proxy_requests{outcome="ok"}[1m])', metrics)).not.toEqual([]);
    expect(faultsOf('sum by (status) (lambda_proxy_requests_total)', metrics)).not.toEqual([]);
    expect(faultsOf('histogram_quantile(0.5, lambda_proxy_queue_duration_seconds_sum)', metrics)).not.toEqual([]);
  });

  test('shows every metric', async () => {
    const shown = expressions.join('\n');
    const missing = (await knownMetrics()).filter(
      (metric) => !sampleNames(metric).some((name) => shown.includes(name)),
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  test('takes its data source from a variable, and every variable that it uses is one', async () => {
    const names = dashboard.templating.list.map(({ name }) => name);
    for (const { datasource, targets } of dashboard.panels) {
      expect([datasource, ...targets.map((target) => target.datasource)].map(({ uid }) => uid)).toEqual(
        [datasource, ...targets].map(() => '${datasource}'),
      );
    }
    const used = [...expressions.join('\n').matchAll(/\$(?!__)(\w+)/g)].map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining([...new Set(used), 'datasource']));
    const metrics = await knownMetrics();
    for (const { definition } of dashboard.templating.list) {
      const [, metric, label = ''] = /^label_values\((\w+), (\w+)\)$/.exec(definition ?? '') ?? [];
      if (definition !== undefined) {
        const labels = metrics.find(({ name }) => name === metric)?.labels ?? [];
        expect([...labels, ...TARGET_LABELS]).toContain(label);
      }
    }
  });

  test('is of Grafana 10 or later, and its panels lie side by side', () => {
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(38);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_cell, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  test('its page explains each panel; the rules there ask for what there is', async () => {
    const page = read('examples/grafana/README.md');
    const rows = [...page.matchAll(/^\| (?!-|Panel)(.+?) +\| /gm)].map(([, title]) => title);
    expect(rows).toEqual(dashboard.panels.map(({ title }) => title));
    const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => parse(text) as unknown);
    expect(blocks[0]).toMatchObject({ scrape_configs: [{ static_configs: [{ targets: ['localhost:9876'] }] }] });
    const { groups } = blocks[1] as { groups: { rules: { expr: string }[] }[] };
    const metrics = await knownMetrics();
    expect(groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => faultsOf(expr, metrics)))).toEqual([]);
  });
});

describe('the README', () => {
  // The formatter aligns tables; that says nothing.
  const readme = read('README.md');
  const [, section = ''] = /^## Watching it\n([\s\S]*?)^## /m.exec(readme) ?? [];

  test('has every metric, with its labels and its help', async () => {
    const rows = [...section.replace(/ {2,}/g, ' ').matchAll(/^\| `lambda_proxy_.*$/gm)].map(([row]) => row);
    const expected = (await knownMetrics()).map(
      ({ name, type, labels, help }) =>
        `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')}${labels.length ? ' ' : ''}| ${help} |`,
    );
    expect(rows).toEqual(expected);
  });

  test('sets tracing up so that a span is written for a call', async () => {
    const [, script = ''] = /```js\n(\/\/ tracing\.cjs[\s\S]*?)```/.exec(section) ?? [];
    const dir = mkdtempSync(path.join(tmpdir(), 'tracing-'));
    const file = path.join(dir, 'tracing.cjs');
    writeFileSync(file, script);
    const lambda = await startLambdaEndpoint();
    const gateway = await spawnGateway({
      ...gatewayOptions({ hello: {} }),
      env: { ...lambda.env, NODE_PATH: path.join(ROOT, 'node_modules') },
      execArgv: ['--require', file],
    });
    try {
      await rawRequest(gateway, { target: '/hello' });
      expect(lambda.last().event.headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      await eventually(() => gateway.log.some((line) => line.includes("name: 'invoke hello'")));
    } finally {
      await gateway.close();
      await lambda.close();
      rmSync(dir, { recursive: true });
    }
  });

  test('shows a line of debug with the fields that it has, and explains each', () => {
    const [, line = ''] = /```text\n(lambda-proxy call .*)\n```/.exec(section) ?? [];
    const fields = [...line.matchAll(/(\w+)=/g)].map(([, name = '']) => name);
    expect(fields.slice(0, 9).join(' ')).toBe('status outcome function qualifier requestId attempts sent received ms');
    expect(fields.filter((name) => !section.includes(`| \`${name}\``) && !section.includes(`\`${name}\``))).toEqual([]);
  });
});
