import { optionRows } from '../../../src/options/definitions';
import { pluginSchema, policySchema } from '../../../src/options/schemas';
import { settingsTable } from '../../../src/options/table';

interface Schema {
  readonly $id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const schemas = { plugin: pluginSchema as Schema, policy: policySchema as Schema };

const namesAt = (...levels: readonly string[]) =>
  optionRows.filter(([, { level }]) => levels.includes(level)).map(([name]) => name);

test('the schemas have ids of their own, as the host keeps them by id', () => {
  expect(schemas.plugin.$id).not.toBe(schemas.policy.$id);
  for (const { $id } of Object.values(schemas)) expect(new URL($id).href).toBe($id);
});

test('the policy takes every setting, the plugin those of both levels', () => {
  expect(Object.keys(schemas.policy.properties)).toEqual(namesAt('policy', 'both'));
  expect(Object.keys(schemas.plugin.properties)).toEqual(namesAt('both'));
  expect(namesAt('policy', 'both')).toHaveLength(optionRows.length);
});

describe.each(['plugin', 'policy'] as const)('the schema of the %s', (level) => {
  const { properties, ...rest } = schemas[level];

  test('refuses nothing itself', () => {
    expect(Object.keys(rest).sort()).toEqual(['$id', 'type']);
    expect(rest.type).toBe('object');
  });

  test.each(Object.keys(properties))('%s is described, without default or type', (name) => {
    const { description, ...keywords } = properties[name]!;
    expect(keywords).toEqual({});
    const [, { kind, summary, default: fallback }] = optionRows.find(([option]) => option === name)!;
    expect(String(description).startsWith(`${summary} Values: ${kind.expected}.`)).toBe(true);
    const tail = fallback === undefined ? `${kind.expected}.` : ` Default: ${JSON.stringify(fallback)}.`;
    expect(String(description).endsWith(tail)).toBe(true);
  });
});

test.each(optionRows)('the default of %s is a value of its kind', (_name, { kind, default: fallback }) => {
  const given = fallback === undefined ? 'none' : kind.read(fallback);
  expect(given).toEqual(fallback ?? 'none');
});

describe('the settings table', () => {
  const lines = settingsTable().split('\n');
  const cells = lines.map((line) => line.split('|').map((cell) => cell.trim()));

  test('has a header and a row for each setting, in order', () => {
    expect(lines.slice(0, 2)).toEqual([
      '| Setting | Level | Values | Default | Meaning |',
      '| --- | --- | --- | --- | --- |',
    ]);
    expect(cells.slice(2).map(([, name]) => name)).toEqual(optionRows.map(([name]) => `\`${name}\``));
  });

  test('has five cells in every row: no value breaks it', () => {
    expect(cells.filter((row) => row.length !== 7 || row[0] !== '' || row[6] !== '')).toEqual([]);
  });

  test.each([
    ['functionName', 'policy', ''],
    ['qualifier', 'policy', ''],
    ['ignorePath', 'policy', '`false`'],
    ['stage', 'plugin, policy', '`$default`'],
    ['payloadFormatVersion', 'plugin, policy', '`1.0`'],
    ['timeout', 'plugin, policy', '`29000`'],
    ['binaryMediaTypes', 'plugin, policy', '`[]`'],
    ['stageVariables', 'plugin, policy', ''],
  ])('%s: %s, %s', (name, level, fallback) => {
    const [, , at, , given] = cells.find((row) => row[1] === `\`${name}\``) ?? [];
    expect([at, given]).toEqual([level, fallback]);
  });
});
