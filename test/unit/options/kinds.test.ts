import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import type { Kind } from '../../../src/options/kinds';
import {
  boolean,
  certificateFile,
  group,
  httpUrl,
  integer,
  isEmpty,
  listOf,
  oneOf,
  text,
  textMap,
} from '../../../src/options/kinds';

const NONE = undefined;

const kinds = {
  text: text('text'),
  word: text('word', /^\w{1,3}$/),
  integer: integer(1, 100, 'ms'),
  negative: integer(-5, 5, 'steps'),
  boolean: boolean(),
  oneOf: oneOf(['1.0', 'legacy'], new Map<unknown, '1.0' | 'legacy'>([[1, '1.0']])),
  listOf: listOf(text('words', /^\w+$/)),
  textMap: textMap('map'),
  httpUrl: httpUrl(),
} satisfies Record<string, Kind<unknown>>;

/** What a kind makes of a value; undefined: it is none of that kind. */
test.each<[kind: keyof typeof kinds, value: unknown, read: unknown]>([
  ['text', 'a b', 'a b'],
  ['text', 7, '7'],
  ['text', 'nullable', 'nullable'],
  ['text', 'a null b', 'a null b'],
  ['text', '', NONE],
  ['text', 'a\0', NONE],
  ['text', true, NONE],
  ['text', null, NONE],
  ['text', ['a'], NONE],
  ['text', {}, NONE],
  // An unset variable, alone and inside an ARN.
  ['text', 'null', NONE],
  ['text', 'null:a', NONE],
  ['text', 'arn:null:x', NONE],
  ['text', 'arn:aws:lambda:eu-west-1:1:function:null', NONE],
  ['word', 'abc', 'abc'],
  ['word', 12, '12'],
  ['word', 'abcd', NONE],
  ['word', 'a\n', NONE],
  ['integer', 1, 1],
  ['integer', 100, 100],
  ['integer', '42', 42],
  ['integer', '007', 7],
  ['integer', 0, NONE],
  ['integer', 101, NONE],
  ['integer', '101', NONE],
  ['integer', 1.5, NONE],
  ['integer', '1.5', NONE],
  ['integer', '1e1', NONE],
  ['integer', ' 1', NONE],
  ['integer', '', NONE],
  ['integer', null, NONE],
  ['integer', true, NONE],
  ['integer', [5], NONE],
  ['integer', NaN, NONE],
  ['integer', Infinity, NONE],
  ['negative', -5, -5],
  ['negative', 0, 0],
  ['negative', -6, NONE],
  ['boolean', true, true],
  ['boolean', false, false],
  ['boolean', 'true', true],
  ['boolean', 'false', false],
  ['boolean', 'yes', NONE],
  ['boolean', 'True', NONE],
  ['boolean', 1, NONE],
  ['boolean', 0, NONE],
  ['boolean', '', NONE],
  ['boolean', null, NONE],
  ['oneOf', '1.0', '1.0'],
  ['oneOf', 'legacy', 'legacy'],
  ['oneOf', 1, '1.0'],
  ['oneOf', '1', NONE],
  ['oneOf', 'Legacy', NONE],
  ['oneOf', 'toString', NONE],
  ['oneOf', '', NONE],
  ['oneOf', null, NONE],
  ['listOf', [], []],
  ['listOf', ['a', 'b'], ['a', 'b']],
  ['listOf', ['a', 1], ['a', '1']],
  ['listOf', ['a', ''], NONE],
  ['listOf', ['a', null], NONE],
  ['listOf', 'a', NONE],
  ['listOf', { '0': 'a' }, NONE],
  ['listOf', null, NONE],
  ['textMap', {}, {}],
  ['textMap', { a: 'x', b: 1, c: false, d: '' }, { a: 'x', b: '1', c: 'false', d: '' }],
  ['textMap', { a: null }, NONE],
  ['textMap', { a: {} }, NONE],
  ['textMap', { a: ['x'] }, NONE],
  ['textMap', [], NONE],
  ['textMap', 'a', NONE],
  ['textMap', null, NONE],
  ['httpUrl', 'http://proxy:3128', 'http://proxy:3128'],
  ['httpUrl', 'HTTPS://user:pass@proxy.example/', 'HTTPS://user:pass@proxy.example/'],
  ['httpUrl', 'ftp://proxy', NONE],
  ['httpUrl', 'proxy:3128', NONE],
  ['httpUrl', '//proxy', NONE],
  ['httpUrl', 'http://', NONE],
  ['httpUrl', 'http://h:99999', NONE],
  ['httpUrl', 'null', NONE],
  ['httpUrl', '', NONE],
  ['httpUrl', 80, NONE],
])('%s reads %p as %p', (kind, value, read) => {
  expect(kinds[kind].read(value)).toEqual(read);
});

test.each<[kind: keyof typeof kinds, expected: string]>([
  ['text', 'text'],
  ['integer', 'ms 1–100'],
  ['boolean', '`true` · `false`'],
  ['oneOf', '`1.0` · `legacy`'],
  ['listOf', 'list of words'],
  ['textMap', 'map'],
  ['httpUrl', 'http or https URL'],
])('%s says what is right: %s', (kind, expected) => {
  expect(kinds[kind].expected).toBe(expected);
});

test.each([
  [null, true],
  ['', true],
  ['null', true],
  [undefined, false],
  [0, false],
  [false, false],
  [' ', false],
  ['nullable', false],
])('%p is what an unset variable leaves: %p', (value, empty) => {
  expect(isEmpty(value)).toBe(empty);
});

test.each<[value: unknown, fault: string]>([
  ['ftp://ann:secret@proxy', 'is not such a URL'],
  ['null', 'is empty (is its environment variable set?)'],
  [null, 'is empty (is its environment variable set?)'],
])('the fault of the URL %p does not name it', (value, fault) => {
  expect(kinds.httpUrl.fault?.(value)).toBe(fault);
});

describe('a group', () => {
  interface Keys {
    readonly id: string;
    readonly secret: string;
    readonly seconds?: number;
  }
  const keys: Kind<Keys> = group<Keys>({ id: text('text'), secret: text('text'), seconds: integer(1, 9, 's') }, [
    'id',
    'secret',
  ]);

  test('says its members, the optional ones marked', () => {
    expect(keys.expected).toBe('{id, secret, seconds?}');
  });

  test.each<[value: unknown, read: Keys]>([
    [
      { id: 'a', secret: 'b' },
      { id: 'a', secret: 'b' },
    ],
    [
      { seconds: '5', secret: 7, id: 'a' },
      { id: 'a', secret: '7', seconds: 5 },
    ],
  ])('reads %p as %p', (value, read) => {
    expect(keys.read(value)).toStrictEqual(read);
  });

  test.each<[value: unknown, fault: string]>([
    [{}, 'id is missing'],
    [{ id: 'a' }, 'secret is missing'],
    [{ id: 'a', secret: 'hidden', seconds: 10 }, 'seconds is wrong, expected: s 1–9'],
    [{ id: 'a', secret: null }, 'secret is empty (is its environment variable set?), expected: text'],
    [{ id: 'a', secret: ['hidden'] }, 'secret is wrong, expected: text'],
    [{ id: 'a', secret: 'hidden', token: 'hidden' }, 'has an unknown setting "token"'],
    [{ id: 'a', secret: 'hidden', toString: 'hidden' }, 'has an unknown setting "toString"'],
    [['hidden'], 'has an unknown setting "0"'],
    ['hidden', 'is no group of settings'],
    [null, 'is empty (is its environment variable set?)'],
    ['null', 'is empty (is its environment variable set?)'],
  ])('%p is none, and the fault names no value', (value, fault) => {
    expect(keys.read(value)).toBeUndefined();
    expect(keys.fault?.(value)).toBe(fault);
  });
});

describe('a file of certificates', () => {
  let dir: string;
  const [first = '', second = ''] = rootCertificates;
  const files = {
    one: first,
    two: `# authorities\n${first}\n${second}\n`,
    empty: '',
    'not-pem': 'hello',
    'no-certificate': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    'public-key': String(new X509Certificate(first).publicKey.export({ type: 'spki', format: 'pem' })),
  };
  beforeAll(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'certificates-'));
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(dir, name), content);
  });
  afterAll(() => {
    rmSync(dir, { recursive: true });
  });

  test.each(['one', 'two'])('%s', (name) => {
    expect(certificateFile().read(path.join(dir, name))).toBe(path.join(dir, name));
  });

  test.each(['empty', 'not-pem', 'no-certificate', 'public-key', 'missing', '.'])('is not: %s', (name) => {
    expect(certificateFile().read(path.join(dir, name))).toBeUndefined();
  });

  test.each([null, '', 5, {}])('is not: %p', (value) => {
    expect(certificateFile().read(value)).toBeUndefined();
  });
});
