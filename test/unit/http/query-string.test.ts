import { decodePercent, groupByName, parseQuery } from '../../../src/http/query-string';

type Pairs = readonly (readonly [name: string, value: string])[];

test.each<[rawQuery: string, parameters: Pairs]>([
  ['', []],
  ['&', []],
  ['&&a=1&&', [['a', '1']]],
  ['a', [['a', '']]],
  ['a=', [['a', '']]],
  ['=', [['', '']]],
  ['=1', [['', '1']]],
  ['a=b=c', [['a', 'b=c']]],
  ['a==', [['a', '=']]],
  ['?a=1', [['?a', '1']]],
  ['a+b=c+d', [['a b', 'c d']]],
  ['a%2Bb=c%2bd', [['a+b', 'c+d']]],
  ['a%3Db=%26', [['a=b', '&']]],
  ['%E2%98%95=%e2%98%95', [['☕', '☕']]],
  ['ä=ö', [['ä', 'ö']]],
  ['a=%00', [['a', '\0']]],
  ['a=%2541', [['a', '%41']]],
  // Not well-formed: stays as it is, and spoils nothing beside it.
  ['a=%', [['a', '%']]],
  ['a=%4', [['a', '%4']]],
  ['a=%zz', [['a', '%zz']]],
  ['a=%ff', [['a', '%ff']]],
  ['a=%E2%98', [['a', '%E2%98']]],
  ['a=%20%', [['a', '%20%']]],
  [
    '%=%20&b=%20',
    [
      ['%', ' '],
      ['b', ' '],
    ],
  ],
  [
    'b=2&a=1&b=1',
    [
      ['b', '2'],
      ['a', '1'],
      ['b', '1'],
    ],
  ],
  // No nesting, no lists, no names that are special.
  ['a[b]=1', [['a[b]', '1']]],
  ['a[]=1', [['a[]', '1']]],
  ['a=1,2', [['a', '1,2']]],
  [
    '__proto__=1&constructor=2&hasOwnProperty=3',
    [
      ['__proto__', '1'],
      ['constructor', '2'],
      ['hasOwnProperty', '3'],
    ],
  ],
  ['a=1;b=2', [['a', '1;b=2']]],
])('%p is %p', (rawQuery, parameters) => {
  expect(parseQuery(rawQuery)).toEqual(parameters);
});

test.each<[rawQuery: string, parameters: Pairs]>([
  [
    'a=1;b=2&c=3',
    [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ],
  ],
  ['a=1;', [['a', '1']]],
  [';&;', []],
  ['a=1%3Bb=2', [['a', '1;b=2']]],
])('with semicolons as separators too, %p is %p', (rawQuery, parameters) => {
  expect(parseQuery(rawQuery, /[&;]/)).toEqual(parameters);
});

test('ten thousand parameters are ten thousand', () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `p${String(i)}`);
  const parameters = parseQuery(names.map((name) => `${name}=v`).join('&'));
  expect(parameters).toEqual(names.map((name) => [name, 'v']));
  expect(groupByName(parameters).size).toBe(10_000);
});

test('ten thousand values of one name are one group, in order', () => {
  const values = Array.from({ length: 10_000 }, (_, i) => String(i));
  expect(groupByName(parseQuery(values.map((value) => `a=${value}`).join('&'))).get('a')).toEqual(values);
});

test('groups stand in the order of first appearance, their values in order', () => {
  const groups = groupByName(parseQuery('b=2&a=1&b=1&A=0&b=2'));
  expect([...groups]).toEqual([
    ['b', ['2', '1', '2']],
    ['a', ['1']],
    ['A', ['0']],
  ]);
});

test('__proto__ is a name like any other, up to the JSON', () => {
  const groups = groupByName(parseQuery('__proto__=1&__proto__=2'));
  expect(JSON.stringify(Object.fromEntries(groups))).toBe('{"__proto__":["1","2"]}');
  expect(({} as Record<string, unknown>)['1']).toBeUndefined();
});

test.each([
  ['', ''],
  ['a%20b', 'a b'],
  ['a+b', 'a+b'],
  ['%2F', '/'],
  ['%C3%A4', 'ä'],
  ['%E4', '%E4'],
  ['100%', '100%'],
  ['%20%', '%20%'],
])('decodePercent(%p) is %p', (text, decoded) => {
  expect(decodePercent(text)).toBe(decoded);
});
