import { parse } from 'yaml';
import { addEntries } from '../../../src/cli/setup/edit-yaml';
import type { Addition } from '../../../src/cli/setup/edit-yaml';

const plugin: Addition = { path: ['plugins'], key: 'lambda', value: { package: 'p' } };
const policy: Addition = { path: ['policies'], value: 'lambda-proxy' };
const nested: Addition = { path: ['plugins', 'lambda'], key: 'region', value: 'r' };

test.each<readonly [what: string, before: string, addition: Addition, after: string]>([
  ['a map', 'plugins:\n  a: 1\n', plugin, 'plugins:\n  a: 1\n  lambda:\n    package: p\n'],
  [
    'a map in its own indentation',
    'plugins:\n    a: 1\n',
    plugin,
    'plugins:\n    a: 1\n    lambda:\n      package: p\n',
  ],
  ['a list', 'policies:\n  - a\nb: 1\n', policy, 'policies:\n  - a\n  - lambda-proxy\nb: 1\n'],
  ['a list that is not indented', 'policies:\n- a\nb: 1\n', policy, 'policies:\n- a\n- lambda-proxy\nb: 1\n'],
  ['a last entry with a comment', 'policies:\n  - a # why\n', policy, 'policies:\n  - a # why\n  - lambda-proxy\n'],
  [
    'comments before the next section',
    'policies:\n  - a\n\n# next\nb: 1\n',
    policy,
    'policies:\n  - a\n  - lambda-proxy\n\n# next\nb: 1\n',
  ],
  ['a key without a value', 'plugins:\nb: 1\n', plugin, 'plugins:\n  lambda:\n    package: p\nb: 1\n'],
  [
    'a key with comments for a value',
    'plugins: # none\n  # see there\n# outside\nb: 1\n',
    plugin,
    'plugins: # none\n  # see there\n  lambda:\n    package: p\n# outside\nb: 1\n',
  ],
  [
    'an entry without a value',
    'plugins:\n  a:\n\nb: 1\n',
    plugin,
    'plugins:\n  a:\n  lambda:\n    package: p\n\nb: 1\n',
  ],
  ['a deep entry without a value', 'plugins:\n  lambda:\nb: 1\n', nested, 'plugins:\n  lambda:\n    region: r\nb: 1\n'],
  ['a missing section', 'b: 1\n', plugin, 'b: 1\n\nplugins:\n  lambda:\n    package: p\n'],
  ['a missing section, no line break at the end', 'b: 1', plugin, 'b: 1\n\nplugins:\n  lambda:\n    package: p'],
  [
    'a text in several lines',
    'plugins:\n  a: |\n    x\n\nb: 1\n',
    plugin,
    'plugins:\n  a: |\n    x\n  lambda:\n    package: p\n\nb: 1\n',
  ],
  ['an empty list in brackets', 'policies: []\n', policy, 'policies: ["lambda-proxy"]\n'],
  ['a list in brackets', 'policies: [a, b]\n', policy, 'policies: [a, b, "lambda-proxy"]\n'],
  ['a list in brackets with a last comma', 'policies: [a,]\n', policy, 'policies: [a, "lambda-proxy",]\n'],
  [
    'a list in brackets over several lines',
    'policies: [\n  a,\n  b\n]\n',
    policy,
    'policies: [\n  a,\n  b,\n  "lambda-proxy"\n]\n',
  ],
  ['an empty map in braces', 'plugins: {}\n', plugin, 'plugins: {"lambda": { "package": "p" }}\n'],
  [
    'JSON over several lines',
    '{\n    "b": 1\n}\n',
    plugin,
    '{\n    "b": 1,\n    "plugins": {\n      "lambda": {\n        "package": "p"\n      }\n    }\n}\n',
  ],
  ['line breaks of Windows', 'policies:\r\n  - a\r\n', policy, 'policies:\r\n  - a\r\n  - lambda-proxy\r\n'],
  [
    'variables where YAML has none',
    'b: {p: ${P}}\npolicies:\n  - a\n',
    policy,
    'b: {p: ${P}}\npolicies:\n  - a\n  - lambda-proxy\n',
  ],
])('%s', (_what, before, addition, after) => {
  const result = addEntries(before, [addition]);
  expect(result).toBe(after);
  expect(() => parse(result.replaceAll('${P}', 'p')) as unknown).not.toThrow();
});

test('several entries at once, those of one place in their order', () => {
  const added = addEntries('b: 1\n', [plugin, policy]);
  expect(added).toBe('b: 1\n\nplugins:\n  lambda:\n    package: p\n\npolicies: [lambda-proxy]\n');
});

test.each([
  ['a map where a list belongs', 'policies:\n  a: 1\n', policy, /something else where a list belongs/],
  ['a text where a map belongs', 'plugins: none\n', plugin, /something else where a map belongs/],
  ['no YAML', 'a: [\n', plugin, /./],
])('%s is refused', (_what, text, addition, message) => {
  expect(() => addEntries(text, [addition])).toThrow(message);
});
