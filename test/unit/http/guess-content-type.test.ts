import { guessContentType } from '../../../src/http/guess-content-type';

const guess = (body: string | Buffer, { isText = true, path = '/', maxJSONParseLength = 1000 } = {}) =>
  guessContentType(Buffer.from(body as string), { isText, path, maxJSONParseLength });

const typeOf = (...parameters: Parameters<typeof guess>) =>
  guess(...parameters).find(([name]) => name === 'Content-Type')?.[1][0];

test('a guess is marked, so that browsers do not guess further', () => {
  expect(guess('x')).toEqual([
    ['Content-Type', ['text/plain; charset=utf-8']],
    ['X-Content-Type-Options', ['nosniff']],
  ]);
});

test.each([true, false])('no body, no guess; as text: %p', (isText) => {
  expect(guess('', { isText, path: '/a.css' })).toEqual([]);
});

test.each([
  ['{}', 'application/json'],
  ['[]', 'application/json'],
  [' {"a": 1}\n', 'application/json'],
  ['"text"', 'application/json'],
  ['null', 'application/json'],
  ['-1.5e3', 'application/json'],
  ['{"a":1} x', 'text/plain; charset=utf-8'],
  ["{'a':1}", 'text/plain; charset=utf-8'],
  ['{"a":1', 'text/plain; charset=utf-8'],
  ['NaN', 'text/plain; charset=utf-8'],
  [' ', 'text/plain; charset=utf-8'],
])('the text %p is %s', (body, type) => {
  expect(typeOf(body)).toBe(type);
});

test.each([
  [7, 'application/json'],
  [8, 'application/json'],
  [6, 'text/plain; charset=utf-8'],
  [0, 'text/plain; charset=utf-8'],
])('seven bytes of JSON where %d may be parsed are %s', (maxJSONParseLength, type) => {
  expect(typeOf('{"a":1}', { maxJSONParseLength })).toBe(type);
});

test('what may be parsed is counted in bytes, not characters', () => {
  expect(typeOf('"ä"', { maxJSONParseLength: 3 })).toBe('text/plain; charset=utf-8');
});

test.each([
  ['/a.csv', 'text/csv; charset=utf-8'],
  ['/dir.d/A.CSV', 'text/csv; charset=utf-8'],
  ['/a.html.md', 'text/markdown; charset=utf-8'],
  ['/csv', 'text/plain; charset=utf-8'],
  ['/a.csv/b', 'text/plain; charset=utf-8'],
  ['/.csv', 'text/plain; charset=utf-8'],
  ['/a.png', 'text/plain; charset=utf-8'],
  ['/a.unheard-of', 'text/plain; charset=utf-8'],
])('text at %s is %s', (path, type) => {
  expect(typeOf('plain', { path })).toBe(type);
});

test('JSON is JSON wherever it is', () => {
  expect(typeOf('{}', { path: '/a.csv' })).toBe('application/json');
});

const HEX = {
  png: '89504e470d0a1a0a0000000d49484452',
  gif: '474946383961',
  jpeg: 'ffd8ffe000104a46494600',
  pdf: '255044462d312e37',
  gzip: '1f8b08',
  nothing: '01020304',
};

test.each<[hex: keyof typeof HEX, path: string, type: string]>([
  ['png', '/', 'image/png'],
  ['gif', '/', 'image/gif'],
  ['jpeg', '/', 'image/jpeg'],
  ['pdf', '/', 'application/pdf'],
  ['gzip', '/', 'application/gzip'],
  ['png', '/a.gif', 'image/png'],
  ['pdf', '/a.html', 'application/pdf'],
  ['nothing', '/', 'application/octet-stream'],
  ['nothing', '/a.wasm', 'application/wasm'],
  ['nothing', '/a.unheard-of', 'application/octet-stream'],
])('the bytes of %s at %s are %s', (hex, path, type) => {
  expect(typeOf(Buffer.from(HEX[hex], 'hex'), { isText: false, path })).toBe(type);
});

test.each([
  'html',
  'HTM',
  'shtml',
  'xht',
  'xhtml',
  'svg',
  'svgz',
  'xml',
  'xsl',
  'xslt',
  'rdf',
  'atom',
  'rss',
  'mathml',
])('a document that browsers render is never guessed: .%s', (extension) => {
  const path = `/upload.${extension}`;
  expect(typeOf('<script>alert(1)</script>', { path })).toBe('text/plain; charset=utf-8');
  expect(typeOf(Buffer.from(HEX.nothing, 'hex'), { isText: false, path })).toBe('application/octet-stream');
});

test.each(['js', 'mjs', 'ecma', 'coffee'])('a script is never guessed: .%s', (extension) => {
  expect(typeOf('alert(1)', { path: `/upload.${extension}` })).toBe('text/plain; charset=utf-8');
});

test.each([
  '<?xml version="1.0"?><a/>',
  '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
  '<!DOCTYPE html><html>',
  '<html><body>',
])('bytes that look like %s are octets', (markup) => {
  expect(typeOf(markup, { isText: false })).toBe('application/octet-stream');
});
