import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import { parseArguments } from '../../src/cli/arguments';
import { commands } from '../../src/cli/commands';
import { catalogue, type ErrorCode } from '../../src/errors/catalogue';
import { remedies } from '../../src/errors/remedies';
import { resolveOptions } from '../../src/options/resolve';
import { settingsTable } from '../../src/options/table';

const text = readFileSync(path.join(__dirname, '../../README.md'), 'utf8');
// The formatter aligns tables; that says nothing.
const readme = text.replace(/ {2,}/g, ' ');

test('the settings table is that of the code (npm run docs writes it)', () => {
  const [, table] = /<!-- settings -->\n\n([\s\S]*?)\n\n<!-- \/settings -->/.exec(readme) ?? [];
  expect(table).toBe(settingsTable().replace(/ {2,}/g, ' '));
});

test.each(Object.keys(catalogue) as ErrorCode[])('the failure %s is explained, with its status', (code) => {
  const { status } = catalogue[code];
  const text =
    typeof status === 'object'
      ? `${status.rest}, 2.0: ${status.http}`
      : status === 'unhandledStatus'
        ? '`unhandledStatus`'
        : String(status);
  const retry = 'retryAfter' in catalogue[code] ? ', `Retry-After`' : '';
  expect(readme).toContain(`| \`${code}\` | ${text}${retry} | `);
});

test.each(Object.entries(remedies))('%s: what to do is what the command says', (code, remedy) => {
  const [row = ''] = new RegExp(`^\\| \`${code}\` \\|.*$`, 'm').exec(readme) ?? [];
  expect(row.split(' | ').at(-1)).toBe(`${remedy} |`);
});

test('every command has its row, and every line with it is one that it takes', () => {
  for (const name of Object.keys(commands)) expect(readme).toContain(`| \`${name}\` | `);
  const lines = [...readme.matchAll(/^npx eg-lambda (\S+) ?([^#\n]*)/gm)];
  expect(lines.length).toBeGreaterThan(4);
  for (const [, name = '', rest = ''] of lines) {
    const words = [...rest.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    expect(() => parseArguments(commands[name as keyof typeof commands], words)).not.toThrow();
  }
});

test('no failure is explained that does not exist', () => {
  const explained = [...readme.matchAll(/^\| `([A-Z_]+)` \| /gm)].map(([, code]) => code);
  expect(explained.sort()).toEqual(Object.keys(catalogue).sort());
});

test('the set-up commands stand on lines of their own', () => {
  expect(readme).toMatch(/^npm ci && npm start$/m);
  expect(readme).toMatch(/^npm ci && npm test$/m);
});

test('the files that it links to exist', () => {
  const links = [...readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, link]) => link ?? '');
  expect(links.length).toBeGreaterThan(0);
  for (const link of links) expect(() => readFileSync(path.join(__dirname, '../..', link))).not.toThrow(/ENOENT/);
});

/** The rows of the table "API Gateway here", and a test for each: its file, and words of its name. */
const apiGatewayRows: Readonly<Record<string, readonly (readonly [file: string, words: string])[]>> = {
  'Events of both formats, all keys': [
    ['conformance/event-v1', 'has exactly the keys of a REST event'],
    ['conformance/event-v2', 'has every key when there is something'],
  ],
  'Header names in the event': [
    ['conformance/event-v1', "the client's spelling, but for the names that API Gateway spells itself"],
    ['conformance/event-v2', 'names in lower case'],
  ],
  'Paths in the event': [
    ['conformance/event-v1', 'nothing is decoded'],
    ['conformance/event-v2', 'rawPath as received; path and parameters decoded'],
  ],
  Stage: [
    ['conformance/event-v1', 'the whole request context'],
    ['conformance/differences', 'a named stage is not in the rawPath'],
  ],
  'Stage variables': [['conformance/event-v1', 'stage variables']],
  'Query strings': [
    ['conformance/event-v1', 'repeated: the last value, and all in order'],
    ['conformance/event-v2', 'the raw query to the letter'],
  ],
  'Headers that may come once (`User-Agent`, `Authorization`, `Content-Type`, …)': [
    ['conformance/event-v1', 'repeated lines of what may come once: the first'],
  ],
  'Path parameters, greedy ones': [
    ['conformance/event-v1', 'a parameter and a greedy one'],
    ['conformance/event-v2', 'no path is $default'],
  ],
  Cookies: [
    ['conformance/event-v1', 'Cookie is a header like any other'],
    ['conformance/event-v2', 'cookies: split at semicolons'],
  ],
  'Text and base64 request bodies': [
    ['conformance/event-v1', 'base64: a type that is not textual'],
    ['conformance/event-v2', 'base64: text that is not UTF-8'],
  ],
  'Base64 response bodies': [['conformance/result-v1', 'base64 is decoded, whatever the client accepts']],
  'Default content type': [['conformance/result-v1', 'guessed: text, also where it looks like HTML']],
  'Inferred answers (no `statusCode`)': [['conformance/result-v2', 'inferred']],
  '`headers` and `multiValueHeaders` of one name': [
    ['conformance/result-v1', 'the same name in both: multi values first'],
    ['conformance/result-v2', 'multiValueHeaders and unknown keys are ignored'],
  ],
  'Several `Set-Cookie` lines': [['conformance/result-v1', 'Set-Cookie: a line each']],
  'Unknown keys in a result': [['conformance/result-v1', 'unknown keys are ignored']],
  'Numeric strings, booleans and nulls in a result': [
    ['conformance/result-v1', 'a boolean and a number are text, null is left out'],
  ],
  'Malformed results': [
    ['conformance/result-v1', 'malformed: not JSON'],
    ['conformance/result-v2', 'malformed: not JSON'],
  ],
  'Function errors': [['conformance/errors', 'function error, unhandledStatus 502 as REST APIs']],
  'Integration timeout': [['conformance/errors', 'Lambda never answers']],
  'Throttling by Lambda': [['conformance/errors', 'throttled']],
  'Remapped response headers': [['conformance/result-v1', 'end-to-end headers are not remapped']],
  '`X-Forwarded-For`, `-Port`, `-Proto`': [
    ['integration/forwarded', 'without trust proxy a client is believed nothing'],
  ],
  '`X-Amzn-Trace-Id`': [
    ['integration/trace-header', "the client's is in the event, on the call to Lambda and on the answer"],
  ],
  '`x-amzn-RequestId`': [
    ['conformance/identifiers', 'one request is known by the same ids everywhere'],
    ['conformance/differences', 'there is no request id of API Gateway'],
  ],
  'Lambda, Cognito and JWT authorizers': [['integration/caller', 'key-auth: the user']],
  'Payload limits': [['integration/failures', 'a queued event is larger than 1 MB']],
  'Unmatched routes': [['conformance/differences', "an unmatched route is the gateway's own 404"]],
  'Malformed percent-encoding': [
    ['conformance/event-v1', 'malformed percent-encoding stays as it is'],
    ['conformance/errors', 'a path parameter that cannot be decoded: 400 from the host'],
  ],
  'Limits on URLs and headers': [['conformance/properties', 'are more than Node takes by default: 431']],
  '`X-HTTP-Method-Override`': [['conformance/differences', 'X-HTTP-Method-Override is a header like any other']],
};

describe('the table "API Gateway here"', () => {
  const [, table = ''] = /<!-- api-gateway -->([\s\S]*?)<!-- \/api-gateway -->/.exec(readme) ?? [];
  const features = [...table.matchAll(/^\| (.+?) \| /gm)].map(([, feature]) => feature).slice(2);

  test('has no row without a test, and no test names a row that is gone', () => {
    expect(features).toEqual(Object.keys(apiGatewayRows));
  });

  test.each(Object.entries(apiGatewayRows))('%s', (_feature, tests) => {
    for (const [file, words] of tests) {
      expect(readFileSync(path.join(__dirname, '..', `${file}.test.ts`), 'utf8')).toContain(words);
    }
  });
});

describe('the section on function URLs', () => {
  const [, section = ''] = /^## Function URLs([\s\S]*?)^## /m.exec(text) ?? [];
  const [, table = ''] = /<!-- apisix -->([\s\S]*?)<!-- \/apisix -->/.exec(section) ?? [];
  const rows = [...table.matchAll(/^\| (.+?) \| .+ \| `(.+)` \|$/gm)].map(([, name = '', example = '']) => [
    name,
    example,
  ]);

  /** What the host makes of an example: `${VAR}` is its own, and set. */
  const resolve = (action: Record<string, unknown>) =>
    resolveOptions(
      {},
      { functionUrl: 'https://api.example.com', ...('signing' in action && { authType: 'AWS_IAM' }), ...action },
      'README',
    );
  const parse = (yaml: string): unknown => parseYaml(yaml.replace(/\$\{\w+\}/g, 'value-of-variable'));

  // https://apisix.apache.org/docs/apisix/plugins/aws-lambda/
  test.each([
    'function_uri',
    'authorization.apikey',
    'authorization.iam',
    'authorization.iam.accesskey',
    'authorization.iam.secretkey',
    'authorization.iam.aws_region',
    'authorization.iam.service',
    'timeout',
    'ssl_verify',
    'keepalive',
    'keepalive_timeout',
    'keepalive_pool',
    'max_req_body_size',
  ])("APISIX's %s has a row", (attribute) => {
    expect(rows.some(([name = '']) => name.split(', ').includes(`\`${attribute}\``))).toBe(true);
  });

  test('so has path forwarding', () => {
    expect(rows.filter(([name = '']) => name.startsWith('path forwarding'))).toHaveLength(2);
  });

  test.each(rows)('the example of %s is right: %s', (_name, example = '') => {
    const action = parse(example) as Record<string, unknown>;
    const url = 'https://abc.lambda-url.eu-central-1.on.aws';
    expect(resolve({ functionUrl: url, ...action })).toMatchObject(action);
  });

  test('the longer examples too', () => {
    const examples = [...section.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => parse(yaml));
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples as [{ 'lambda-proxy': { action: Record<string, unknown> } }][]) {
      const { action } = example[0]['lambda-proxy'];
      expect(resolve(action)).toMatchObject(action);
    }
  });
});
