import { LambdaProxyError } from '../../../src/errors/lambda-proxy-error';
import { decodeProxyResult } from '../../../src/formats/proxy-result';
import type { HeaderSource } from '../../../src/formats/result-headers';
import { mergeHeaders, readCookies, readHeaders, readMultiValueHeaders } from '../../../src/formats/result-headers';
import type { GatewayResponse } from '../../../src/http/gateway-response';
import { formatOptions, gatewayRequest } from './request';

const decode = (payload: string): GatewayResponse =>
  decodeProxyResult(Buffer.from(payload), gatewayRequest(), formatOptions());

const bodyOf = (payload: string): Buffer => Buffer.from(decode(payload).body as Buffer);

function failureOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

function expectMalformed(action: () => unknown): void {
  const failure = failureOf(action);
  expect(failure).toBeInstanceOf(LambdaProxyError);
  expect(failure).toMatchObject({ code: 'MALFORMED_RESULT' });
}

test.each(['', ' ', '{', "{'a':1}", 'undefined', '{"a":1}{}', '\ufeff{}'])('the payload %p is not JSON', (payload) => {
  expectMalformed(() => decode(payload));
});

test.each(['null', '[]', '[{"statusCode":200}]', '"text"', '""', '42', 'true'])('%s is not a result', (payload) => {
  expectMalformed(() => decode(payload));
});

test('an empty result is an empty answer', () => {
  expect(decode('{}')).toEqual({ status: 200, headers: [], body: Buffer.alloc(0) });
});

test('unknown keys are ignored', () => {
  const result = { statusCode: 201, body: 'x', headers: { 'Content-Type': 'a/b' }, statusDescription: 'x', version: 1 };
  expect(decode(JSON.stringify(result))).toEqual({
    status: 201,
    headers: [['Content-Type', ['a/b']]],
    body: Buffer.from('x'),
  });
});

test.each([
  ['"text"', 'text'],
  ['""', ''],
  ['null', ''],
  ['5', '5'],
  ['-1.50', '-1.5'],
  ['true', 'true'],
  ['false', 'false'],
])('the body %s is %p', (body, text) => {
  expect(bodyOf(`{"body":${body}}`).toString()).toBe(text);
});

test.each(['{}', '[]', '{"a":1}', '["a"]'])('the body %s is malformed', (body) => {
  expectMalformed(() => decode(`{"body":${body}}`));
});

test.each([
  ['true', true],
  ['"true"', true],
  ['false', false],
  ['"false"', false],
  ['null', false],
])('isBase64Encoded %s: the body is decoded: %p', (flag, isDecoded) => {
  expect(bodyOf(`{"body":"aGk=","isBase64Encoded":${flag}}`).toString()).toBe(isDecoded ? 'hi' : 'aGk=');
});

test.each(['0', '1', '"True"', '""', '{}', '[]'])('isBase64Encoded %s is malformed', (flag) => {
  expectMalformed(() => decode(`{"body":"aGk=","isBase64Encoded":${flag}}`));
});

test.each(['A', 'AA A', 'A===', '====', 'AAAAA', 'AQ=D', 'AQI=AQ', 'A-AA', 'A_AA', 'AQID\n', 'QUJDä', 'data:,x'])(
  'the base64 body %p is malformed',
  (body) => {
    expectMalformed(() => decode(JSON.stringify({ body, isBase64Encoded: true })));
  },
);

test.each([
  ['', ''],
  ['+/+/', 'fbffbf'],
  ['AA', '00'],
  ['AA==', '00'],
  ['AAA', '0000'],
  ['AAA=', '0000'],
])('the base64 body %p is the bytes %p', (body, hex) => {
  expect(bodyOf(JSON.stringify({ body, isBase64Encoded: true })).toString('hex')).toBe(hex);
});

test.each(['"200 "', '"+200"', '"2e2"', '"0x200"', '200.1', '"２００"'])('the status %s is malformed', (statusCode) => {
  expectMalformed(() => decode(`{"statusCode":${statusCode}}`));
});

test('a guess of the type comes first, the function’s own headers after it', () => {
  expect(decode('{"body":"{}","headers":{"X-A":"1"}}').headers.map(([name]) => name)).toEqual([
    'Content-Type',
    'X-Content-Type-Options',
    'X-A',
  ]);
});

test('cookies come first, then multiValueHeaders, then headers; the same pair is sent once', () => {
  const result = {
    headers: { 'x-list': 'b', 'X-Other': '1', 'set-cookie': 'b=2' },
    multiValueHeaders: { 'X-List': ['a', 'b'], 'Set-Cookie': ['c=3'] },
    cookies: ['a=1'],
  };
  expect(decode(JSON.stringify(result)).headers).toEqual([
    ['Set-Cookie', ['a=1', 'c=3', 'b=2']],
    ['X-List', ['a', 'b']],
    ['X-Other', ['1']],
  ]);
});

/** The part of a result, as JSON, and the lines that it makes; none where it is malformed. */
test.each<[read: (result: never) => HeaderSource, json: string, lines: HeaderSource | undefined]>([
  [readCookies, '{}', []],
  [readCookies, '{"cookies":null}', []],
  [readCookies, '{"cookies":[]}', []],
  [
    readCookies,
    '{"cookies":["a=1","b=2, 3"]}',
    [
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2, 3'],
    ],
  ],
  [readCookies, '{"cookies":[null,"a=1"]}', [['Set-Cookie', 'a=1']]],
  [readCookies, '{"cookies":"a=1"}', undefined],
  [readCookies, '{"cookies":{"a":1}}', undefined],
  [readCookies, '{"cookies":[["a=1"]]}', undefined],
  [readCookies, '{"cookies":["a=\\n"]}', undefined],
  [readHeaders, '{}', []],
  [readHeaders, '{"headers":null}', []],
  [readHeaders, '{"headers":{}}', []],
  [readHeaders, '{"headers":{"X-A":""}}', [['X-A', '']]],
  [readHeaders, '{"headers":{"X-A":null}}', []],
  [readHeaders, '{"headers":{"X-A":0}}', [['X-A', '0']]],
  [readHeaders, '{"headers":{"X-A":false}}', [['X-A', 'false']]],
  [readHeaders, '{"headers":{"X-A":[]}}', []],
  [
    readHeaders,
    '{"headers":{"X-A":["1",null,2]}}',
    [
      ['X-A', '1'],
      ['X-A', '2'],
    ],
  ],
  [readHeaders, '{"headers":{"X-A":"ÿ\\t"}}', [['X-A', 'ÿ\t']]],
  [readHeaders, '{"headers":{"__proto__":"1"}}', [['__proto__', '1']]],
  [readHeaders, '{"headers":{"X-A":{}}}', undefined],
  [readHeaders, '{"headers":{"X-A":[[1]]}}', undefined],
  [readHeaders, '{"headers":{"X-A":"Ā"}}', undefined],
  [readHeaders, '{"headers":{"X-A":"\\u007f"}}', undefined],
  [readHeaders, '{"headers":{"X:A":"1"}}', undefined],
  [readHeaders, '{"headers":{"X-Ä":"1"}}', undefined],
  [readHeaders, '{"headers":[]}', undefined],
  [readHeaders, '{"headers":["X-A: 1"]}', undefined],
  [readHeaders, '{"headers":"X-A: 1"}', undefined],
  [readHeaders, '{"headers":1}', undefined],
  [readMultiValueHeaders, '{}', []],
  [readMultiValueHeaders, '{"multiValueHeaders":null}', []],
  [readMultiValueHeaders, '{"multiValueHeaders":{"X-A":null}}', []],
  [readMultiValueHeaders, '{"multiValueHeaders":{"X-A":[]}}', []],
  [
    readMultiValueHeaders,
    '{"multiValueHeaders":{"X-A":["1",2,true,null]}}',
    [
      ['X-A', '1'],
      ['X-A', '2'],
      ['X-A', 'true'],
    ],
  ],
  [readMultiValueHeaders, '{"multiValueHeaders":{"X-A":"1"}}', undefined],
  [readMultiValueHeaders, '{"multiValueHeaders":{"X-A":{"0":"1"}}}', undefined],
  [readMultiValueHeaders, '{"multiValueHeaders":[]}', undefined],
])('%p of %s', (read, json, lines) => {
  const action = (): HeaderSource => read(JSON.parse(json) as never);
  if (lines === undefined) expectMalformed(action);
  else expect(action()).toEqual(lines);
});

test.each<[rule: string, samePairOnce: boolean, sources: readonly HeaderSource[], merged: GatewayResponse['headers']]>([
  ['nothing is nothing', true, [[], []], []],
  [
    'the first spelling and the order of appearance stay',
    false,
    [
      [
        ['x-b', '1'],
        ['X-A', '1'],
      ],
      [
        ['X-B', '2'],
        ['x-c', '1'],
      ],
    ],
    [
      ['x-b', ['1', '2']],
      ['X-A', ['1']],
      ['x-c', ['1']],
    ],
  ],
  ['the same pair twice', false, [[['X-A', '1']], [['x-a', '1']]], [['X-A', ['1', '1']]]],
  ['the same pair once', true, [[['X-A', '1']], [['x-a', '1']]], [['X-A', ['1']]]],
  ['values differ in case', true, [[['X-A', 'a']], [['x-a', 'A']]], [['X-A', ['a', 'A']]]],
  [
    'a second type is left out',
    false,
    [[['content-TYPE', 'a/b']], [['Content-Type', 'c/d']]],
    [['content-TYPE', ['a/b']]],
  ],
  [
    'a second length is left out',
    false,
    [[['Content-Length', '1']], [['content-length', '2']]],
    [['Content-Length', ['1']]],
  ],
])('merged headers: %s', (_rule, samePairOnce, sources, merged) => {
  expect(mergeHeaders(sources, samePairOnce)).toEqual(merged);
});
