import type { Gateway } from '../../support/gateway';

/** One sample of Prometheus' text format. */
interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Sample[];
}

/** What a scrape brought. */
export class Exposition {
  constructor(readonly families: readonly Family[]) {}

  /** The value of the series with just these labels; 0 where there is none. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const wanted = seriesKey({ name, labels });
    const samples = this.families.flatMap((family) => family.samples);
    return samples.find((sample) => seriesKey(sample) === wanted)?.value ?? 0;
  }

  /** What tells all series apart. */
  get series(): readonly string[] {
    return this.families.flatMap(({ samples }) => samples.map(seriesKey));
  }
}

/** Asks the gateway's admin port, as Prometheus does. */
export async function scrape({ adminUrl }: Pick<Gateway, 'adminUrl'>): Promise<Exposition> {
  const response = await fetch(`${adminUrl}/metrics`);
  if (response.status !== 200) throw new Error(`/metrics answered ${response.status}`);
  return new Exposition(parseExposition(await response.text()));
}

/**
 * Reads the text format to the letter: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 * A family is HELP, TYPE and then all its samples; no name and no series comes twice.
 */
export function parseExposition(text: string): readonly Family[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families: (Family & { readonly samples: Sample[] })[] = [];
  const blocks = text.split(/^(?=# HELP )/m);
  for (const block of blocks) {
    const [help = '', type = '', ...lines] = block.split('\n').filter((line) => line !== '');
    const [, name = '', words = ''] = match(/^# HELP ([a-zA-Z_:][\w:]*) (.+)$/, help);
    const [, typed, kind = ''] = match(/^# TYPE (\S+) (counter|gauge|histogram)$/, type);
    if (typed !== name) throw new Error(`TYPE of ${String(typed)} after HELP of ${name}`);
    families.push({ name, help: words, type: kind, samples: lines.map((line) => parseSample(line, name, kind)) });
  }
  refuseRepeated(families.map(({ name }) => name));
  refuseRepeated(new Exposition(families).series);
  return families;
}

const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"/;
const SAMPLE = new RegExp(
  `^([a-zA-Z_:][\\w:]*)(?:\\{(${LABEL.source}(?:,${LABEL.source})*)\\})? ([-+]?[\\d.]+(?:e[-+]?\\d+)?)$`,
);

function parseSample(line: string, family: string, type: string): Sample {
  const found = match(SAMPLE, line);
  const [name = '', labels = '', value] = [found[1], found[2], found.at(-1)];
  const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
  if (!suffixes.some((suffix) => name === `${family}${suffix}`)) throw new Error(`${name} is not of ${family}`);
  const pairs = [...labels.matchAll(new RegExp(LABEL, 'g'))].map(([, label = '', text = '']) => [label, text] as const);
  refuseRepeated(pairs.map(([label]) => label));
  return { name, labels: Object.fromEntries(pairs), value: Number(value) };
}

function match(pattern: RegExp, line: string): RegExpExecArray {
  const found = pattern.exec(line);
  if (!found) throw new Error(`not as ${String(pattern)}: ${line}`);
  return found;
}

function seriesKey({ name, labels }: Pick<Sample, 'name' | 'labels'>): string {
  return JSON.stringify([name, Object.entries(labels).sort()]);
}

function refuseRepeated(keys: readonly string[]): void {
  const repeated = keys.filter((key, i) => keys.indexOf(key) !== i);
  if (repeated.length > 0) throw new Error(`more than once: ${repeated.join(' ')}`);
}
