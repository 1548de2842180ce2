import { readHeaders } from '../../../src/http/read-headers';
import type { HeaderField } from '../../../src/http/gateway-request';

interface Given {
  /** Lines as the client sent them. */
  readonly lines: readonly (readonly [name: string, value: string])[];
  /** What Node, and then earlier policies, made of them. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly consumer?: unknown;
}

function read({ lines, headers, consumer }: Given): readonly HeaderField[] {
  return readHeaders(headers, lines.flat(), consumer);
}

const field = (name: string, ...values: readonly string[]): HeaderField => ({
  name,
  lowerName: name.toLowerCase(),
  values,
});

/** A field that an earlier policy made. */
const own = (name: string, ...values: readonly string[]): HeaderField => ({ ...field(name, ...values), isOwn: true });

test.each<[rule: string, given: Given, fields: readonly HeaderField[]]>([
  ['no headers are none', { lines: [], headers: {} }, []],
  ['the spelling is the client’s', { lines: [['X-ONE', '1']], headers: { 'x-one': '1' } }, [field('X-ONE', '1')]],
  [
    'repeated lines are kept apart, under the first spelling',
    {
      lines: [
        ['X-A', '1'],
        ['x-b', 'b'],
        ['x-A', '2, 3'],
      ],
      headers: { 'x-a': '1, 2, 3', 'x-b': 'b' },
    },
    [field('X-A', '1', '2, 3'), field('x-b', 'b')],
  ],
  [
    'repeated cookies are one line, as Node joins them',
    {
      lines: [
        ['Cookie', 'a=1'],
        ['Cookie', 'b=2; c=3'],
      ],
      headers: { cookie: 'a=1; b=2; c=3' },
    },
    [field('Cookie', 'a=1; b=2; c=3')],
  ],
  [
    'what Node takes once counts once',
    {
      lines: [
        ['Content-Type', 'a/b'],
        ['Content-Type', 'c/d'],
      ],
      headers: { 'content-type': 'a/b' },
    },
    [field('Content-Type', 'a/b')],
  ],
  [
    'what Node keeps as a list is one',
    {
      lines: [
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
      ],
      headers: { 'set-cookie': ['a=1', 'b=2'] },
    },
    [field('Set-Cookie', 'a=1', 'b=2')],
  ],
  ['an empty value is a value', { lines: [['X-A', '']], headers: { 'x-a': '' } }, [field('X-A', '')]],
  ['a deleted header is gone', { lines: [['Authorization', 'secret']], headers: {} }, []],
  ['a header set to undefined is gone', { lines: [['X-A', '1']], headers: { 'x-a': undefined } }, []],
  ['a header set to null is gone', { lines: [['X-A', '1']], headers: { 'x-a': null } }, []],
  ['an added header keeps its spelling', { lines: [], headers: { 'X-Added': 'a' } }, [own('X-Added', 'a')]],
  [
    'a changed header keeps the client’s spelling',
    { lines: [['X-One', '1']], headers: { 'x-one': '2' } },
    [own('X-One', '2')],
  ],
  [
    'a changed header is one line, however many there were',
    {
      lines: [
        ['X-A', '1'],
        ['X-A', '2'],
      ],
      headers: { 'x-a': '2, 1' },
    },
    [own('X-A', '2, 1')],
  ],
  [
    'a header set under another spelling replaces the client’s',
    { lines: [['x-a', '1']], headers: { 'x-a': '1', 'X-A': '2' } },
    [own('x-a', '2')],
  ],
  ['a list is its entries', { lines: [], headers: { 'x-a': ['1', 2] } }, [own('x-a', '1', '2')]],
  ['a number is its digits', { lines: [['Num', '1']], headers: { num: 2 } }, [own('Num', '2')]],
  ['zero and false are values', { lines: [], headers: { a: 0, b: false } }, [own('a', '0'), own('b', 'false')]],
  ['an object is its JSON', { lines: [], headers: { 'x-a': { b: [1] } } }, [own('x-a', '{"b":[1]}')]],
  [
    'eg-consumer-id is never the client’s',
    { lines: [['Eg-Consumer-Id', 'u1']], headers: { 'eg-consumer-id': 'u1' }, consumer: { id: 'u1' } },
    [own('Eg-Consumer-Id', 'u1')],
  ],
])('%s', (_rule, given, fields) => {
  expect(read(given)).toEqual(fields);
});

test('__proto__ is a name like any other', () => {
  const headers: Record<string, unknown> = JSON.parse('{"__proto__":"1"}');
  expect(read({ lines: [['__proto__', '1']], headers })).toEqual([field('__proto__', '1')]);
});

test.each<[rule: string, header: Record<string, unknown>, consumer: unknown, kept: boolean]>([
  ['nobody authenticated', { 'eg-consumer-id': 'u1' }, undefined, false],
  ['nobody authenticated, and it is a repeated line', { 'eg-consumer-id': 'u1, u1' }, null, false],
  ['somebody else authenticated', { 'eg-consumer-id': 'u1' }, { id: 'u2' }, false],
  ['the caller has no id', { 'eg-consumer-id': 'undefined' }, { sub: 'u1' }, false],
  ['the consumer is no object', { 'eg-consumer-id': 'u1' }, 'u1', false],
  ['it is spelled otherwise', { 'EG-Consumer-Id': 'u1' }, undefined, false],
  ['the host set it', { 'eg-consumer-id': 'u1' }, { id: 'u1' }, true],
  ['the host set it from a number', { 'eg-consumer-id': 5 }, { id: 5 }, true],
])('eg-consumer-id where %s', (_rule, header, consumer, kept) => {
  const fields = read({ lines: [['Eg-Consumer-Id', 'u1']], headers: { ...header, 'x-a': '1' }, consumer });
  expect(fields.map(({ lowerName }) => lowerName)).toEqual(kept ? ['eg-consumer-id', 'x-a'] : ['x-a']);
});
