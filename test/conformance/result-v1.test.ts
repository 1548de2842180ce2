import type { LambdaScript } from '../support/lambda-endpoint';
import { testResults, type ExpectedAnswer, type ResultRow } from './support/result-rows';

/**
 * Results of format 1.0, as a REST API turns them into answers. Recorded facts name the recording; `decision` is one of
 * this project, where API Gateway has no answer or is left on purpose.
 */
const LS = 'localstack test_aws_proxy_response_payload_format_validation (recorded)';
const DOTNET = 'aws-lambda-dotnet LambdaTestTool-v2 Snapshots/V1_*Rest.json (recorded)';
const GUIDE = 'API Gateway guide, set-up-lambda-proxy-integrations (output format)';
const NOTES = 'API Gateway guide, api-gateway-known-issues (header table)';
const DECISION = 'decision of this project';

const MALFORMED: ExpectedAnswer = {
  status: 502,
  headers: {
    'content-type': ['application/json'],
    'content-length': ['36'],
    'x-amzn-errortype': ['InternalServerErrorException'],
  },
  body: '{"message": "Internal server error"}',
};

const result = (value: unknown): LambdaScript => ({ result: value });
const malformed = (name: string, value: unknown, source = DECISION): ResultRow => ({
  name: `malformed: ${name}`,
  source,
  lambda: result(value),
  answer: MALFORMED,
});

const shapes: readonly ResultRow[] = [
  {
    name: 'an empty object is 200 without a body, and without a type',
    source: `${LS}, ${DECISION} (no body, no guess)`,
    lambda: result({}),
    answer: { status: 200, headers: { 'content-length': ['0'], 'content-type': [] }, body: '' },
  },
  {
    name: 'a status is enough',
    source: LS,
    lambda: result({ statusCode: 404 }),
    answer: { status: 404, headers: { 'content-length': ['0'] }, body: '' },
  },
  {
    name: 'headers are enough',
    source: LS,
    lambda: result({ headers: { 'test-header': 'value' } }),
    answer: { status: 200, headers: { 'test-header': ['value'] }, body: '' },
  },
  {
    name: 'null everywhere',
    source: DOTNET,
    lambda: result({ statusCode: 200, headers: null, multiValueHeaders: null, body: null, isBase64Encoded: false }),
    answer: { status: 200, headers: { 'content-length': ['0'] }, body: '' },
  },
  {
    name: 'unknown keys are ignored',
    source: `${DECISION}; a REST API answers 502 (${LS})`,
    lambda: result({ statusCode: 200, wrongValue: 1, body: 'x' }),
    answer: { status: 200, body: 'x' },
  },
  {
    name: 'an object that looks like an error is none without the flag',
    source: 'API Gateway guide: only X-Amz-Function-Error makes an error',
    lambda: result({ statusCode: 200, errorType: 'X', errorMessage: 'y', body: 'x' }),
    answer: { status: 200, body: 'x' },
  },
  malformed('null', null, 'aws/aws-cdk#31978 (recorded)'),
  malformed('a string', 'hello', LS),
  malformed('an array', [], 'localstack (emulator)'),
  malformed('a number', 42),
  malformed('a boolean', true),
  { name: 'malformed: nothing', source: DECISION, lambda: { payload: '' }, answer: MALFORMED },
  { name: 'malformed: not JSON', source: DECISION, lambda: { payload: '<html>' }, answer: MALFORMED },
  { name: 'malformed: JSON cut off', source: DECISION, lambda: { payload: '{"statusCode":20' }, answer: MALFORMED },
];

const statusCodes: readonly ResultRow[] = [
  ...[200, 299, 404, 599].map((statusCode) => ({
    name: `status ${statusCode}`,
    source: DOTNET,
    lambda: result({ statusCode, body: 'x' }),
    answer: { status: statusCode, body: 'x' },
  })),
  {
    name: 'a numeric string is a status',
    source: LS,
    lambda: result({ statusCode: '201' }),
    answer: { status: 201, body: '' },
  },
  malformed('status as a word', { statusCode: 'test' }, LS),
  malformed('status 0', { statusCode: 0, body: 'This body should be replaced' }, DOTNET),
  ...[-1, 99, 100, 101, 600, 200.5, 1e300, '', ' 200', '0x12', true, [], {}].map((statusCode) =>
    malformed(`status ${JSON.stringify(statusCode)}`, { statusCode, body: 'x' }),
  ),
];

const bodies: readonly ResultRow[] = [
  {
    name: 'UTF-8, counted in bytes',
    source: DOTNET,
    lambda: result({ statusCode: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: 'Grüße 🚀' }),
    answer: { status: 200, headers: { 'content-length': ['12'] }, body: 'Grüße 🚀' },
  },
  {
    name: 'base64 is decoded, whatever the client accepts',
    source: `${DECISION}; a REST API asks Accept and binaryMediaTypes`,
    lambda: result({ statusCode: 200, body: 'AAECAwT/', isBase64Encoded: true }),
    answer: { status: 200, headers: { 'content-length': ['6'] }, body: Buffer.from([0, 1, 2, 3, 4, 255]) },
  },
  {
    name: 'base64 without padding',
    source: DECISION,
    lambda: result({ body: 'eA', isBase64Encoded: true }),
    answer: { status: 200, body: 'x' },
  },
  malformed('invalid base64', { body: 'not base64!', isBase64Encoded: true }),
  malformed('isBase64Encoded that is no boolean', { body: 'eA==', isBase64Encoded: 'maybe' }),
  malformed(
    'an object as body',
    { statusCode: 200, body: { hey: 'dude' } },
    'vincentsarago/lambda-proxy#59 (recorded)',
  ),
  malformed('an array as body', { statusCode: 200, body: ['x'] }, 'vincentsarago/lambda-proxy#59 (recorded)'),
];

const contentTypes: readonly ResultRow[] = [
  {
    name: 'named by the function: nothing is guessed',
    source: DOTNET,
    lambda: result({ statusCode: 201, headers: { 'content-type': 'application/xml' }, body: '{"key":"value"}' }),
    answer: { status: 201, headers: { 'content-type': ['application/xml'], 'x-content-type-options': [] } },
  },
  {
    name: 'guessed: JSON',
    source: `${DECISION}; a REST API says application/json always`,
    lambda: result({ body: '{"a":1}' }),
    answer: { status: 200, headers: { 'content-type': ['application/json'], 'x-content-type-options': ['nosniff'] } },
  },
  {
    name: 'guessed: text, also where it looks like HTML',
    source: DECISION,
    request: { target: '/page.html' },
    lambda: result({ body: '<html><script>alert(1)</script>' }),
    answer: {
      status: 200,
      headers: { 'content-type': ['text/plain; charset=utf-8'], 'x-content-type-options': ['nosniff'] },
    },
  },
  {
    name: 'guessed: magic bytes',
    source: DECISION,
    lambda: result({ body: Buffer.from('89504e470d0a1a0a0000', 'hex').toString('base64'), isBase64Encoded: true }),
    answer: { status: 200, headers: { 'content-type': ['image/png'], 'x-content-type-options': ['nosniff'] } },
  },
  {
    name: 'guessed: bytes that say nothing',
    source: DECISION,
    lambda: result({ body: 'AAECAwT/', isBase64Encoded: true }),
    answer: { status: 200, headers: { 'content-type': ['application/octet-stream'] } },
  },
  {
    name: 'null: guessed if there is a body',
    source: 'aws/aws-lambda-dotnet#395 (recorded)',
    lambda: result({ statusCode: 302, headers: { Location: '/swagger', 'Content-Type': null }, body: '' }),
    answer: { status: 302, headers: { location: ['/swagger'], 'content-type': [] }, body: '' },
  },
];

const headers: readonly ResultRow[] = [
  {
    name: 'a boolean and a number are text, null is left out',
    source: `${LS}; number: ${DECISION}`,
    lambda: result({ headers: { 'x-bool': true, 'x-number': 1.5, 'x-null': null, 'x-empty': '' } }),
    answer: {
      status: 200,
      headers: { 'x-bool': ['true'], 'x-number': ['1.5'], 'x-null': [], 'x-empty': [''], 'content-length': ['0'] },
    },
  },
  {
    name: 'a comma does not split a value',
    source: DOTNET,
    lambda: result({ headers: { myheader: 'test,other' }, multiValueHeaders: { list: ['one', 'two, three'] } }),
    answer: { status: 200, headers: { myheader: ['test,other'], list: ['one', 'two, three'] } },
  },
  {
    name: "several values are several lines, in the function's spelling",
    source: DOTNET,
    lambda: result({ multiValueHeaders: { 'X-MuLTi': ['Value1', 'Value2', 'Value1'] } }),
    answer: { status: 200, headers: { 'x-multi': ['Value1', 'Value2', 'Value1'] }, spelled: ['X-MuLTi'] },
  },
  {
    name: 'the same name in both: multi values first',
    source: LS,
    lambda: result({ headers: { 'test-multi': 'solo' }, multiValueHeaders: { 'test-multi': ['multi'] } }),
    answer: { status: 200, headers: { 'test-multi': ['multi', 'solo'] } },
  },
  {
    name: 'the same name in another case: spelled as in multiValueHeaders',
    source: `${LS} (multi-headers-overwrite-casing)`,
    lambda: result({ headers: { 'test-multi': 'solo' }, multiValueHeaders: { 'tesT-Multi': ['multi'] } }),
    answer: { status: 200, headers: { 'test-multi': ['multi', 'solo'] }, spelled: ['tesT-Multi'] },
  },
  {
    name: 'the same name and value in both: once',
    source: GUIDE,
    lambda: result({ headers: { 'x-a': '1' }, multiValueHeaders: { 'X-A': ['1'] } }),
    answer: { status: 200, headers: { 'x-a': ['1'] } },
  },
  {
    name: 'Content-Type in both: once',
    source: 'aws-lambda-dotnet V1_Combines…HttpV1 (recorded)',
    lambda: result({ headers: { 'content-type': 'a/b' }, multiValueHeaders: { 'Content-Type': ['c/d'] }, body: 'x' }),
    answer: { status: 200, headers: { 'content-type': ['c/d'] } },
  },
  {
    name: 'Set-Cookie: a line each',
    source: `${DOTNET}, ${GUIDE}`,
    lambda: result({ headers: { 'set-cookie': 'c=3' }, multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2; Path=/'] } }),
    answer: { status: 200, headers: { 'set-cookie': ['a=1', 'b=2; Path=/', 'c=3'] } },
  },
  {
    name: 'cookies work too',
    source: DECISION,
    lambda: result({ cookies: ['a=1', 'b=2'], body: 'x' }),
    answer: { status: 200, headers: { 'set-cookie': ['a=1', 'b=2'] } },
  },
  {
    name: 'lists in headers work too',
    source: DECISION,
    lambda: result({ headers: { 'x-list': ['a', 1] } }),
    answer: { status: 200, headers: { 'x-list': ['a', '1'] } },
  },
  {
    name: 'empty and null lists',
    source: LS,
    lambda: result({ multiValueHeaders: { 'x-none': [], 'x-null': null } }),
    answer: { status: 200, headers: { 'x-none': [], 'x-null': [] } },
  },
  {
    name: 'hop-by-hop and framing headers are dropped',
    source: `${NOTES}, ${DECISION}`,
    lambda: result({
      headers: {
        'Transfer-Encoding': 'chunked',
        'Content-Length': '9999',
        'Keep-Alive': 'timeout=99',
        Connection: 'keep-alive, X-Named',
        'X-Named': '1',
        TE: 'trailers',
        Trailer: 'X-T',
        Upgrade: 'h2c',
        'Proxy-Authenticate': 'Basic',
      },
      body: 'x',
    }),
    answer: {
      status: 200,
      headers: {
        'transfer-encoding': [],
        'x-amzn-remapped-transfer-encoding': [],
        'content-length': ['1'],
        'keep-alive': [],
        connection: ['close'],
        'x-named': [],
        te: [],
        trailer: [],
        upgrade: [],
        'proxy-authenticate': [],
      },
      body: 'x',
    },
  },
  {
    name: 'end-to-end headers are not remapped',
    source: `${DECISION}; a REST API remaps them (${NOTES})`,
    lambda: result({
      headers: {
        'WWW-Authenticate': 'Basic realm="a"',
        Server: 'mine',
        Date: 'Tue, 15 Nov 1994 08:12:31 GMT',
        'Content-MD5': 'Q2hlY2s=',
        Authorization: 'a',
      },
    }),
    answer: {
      status: 200,
      headers: {
        'www-authenticate': ['Basic realm="a"'],
        'x-amzn-remapped-www-authenticate': [],
        server: ['mine'],
        date: ['Tue, 15 Nov 1994 08:12:31 GMT'],
        'content-md5': ['Q2hlY2s='],
        authorization: ['a'],
      },
    },
  },
  malformed('a multi value that is no list', { multiValueHeaders: { 'x-a': 'b' } }, LS),
  malformed('headers that are no object', { headers: 'x-a: b' }),
  malformed('headers that are a list', { headers: [['x-a', 'b']] }),
  malformed('an object as header value', { headers: { 'x-a': { b: 1 } } }),
  malformed('cookies that are no list', { cookies: 'a=1' }),
  malformed('CR LF in a value', { headers: { 'x-a': 'b\r\nSet-Cookie: evil=1' } }),
  malformed('LF in a cookie', { cookies: ['a=1\nx: y'] }),
  malformed('NUL in a value', { multiValueHeaders: { 'x-a': ['b\0'] } }),
  malformed('a value outside Latin-1', { headers: { 'x-a': '世界' } }),
  malformed('a name with a space', { headers: { 'x a': 'b' } }),
  malformed('a name with a colon', { headers: { 'x-a:': 'b' } }),
  malformed('an empty name', { headers: { '': 'b' } }),
];

const withoutBody: readonly ResultRow[] = [
  {
    name: "HEAD: no body, but the length that the function's own has",
    source: 'RFC 9110, section 9.3.2',
    request: { method: 'HEAD' },
    lambda: result({ statusCode: 200, headers: { 'Content-Type': 'text/plain' }, body: 'four' }),
    answer: { status: 200, headers: { 'content-length': ['4'], 'content-type': ['text/plain'] }, body: '' },
  },
  ...[204, 304].map((statusCode) => ({
    name: `${statusCode}: no body, no length`,
    source: 'RFC 9110, sections 15.3.5 and 15.4.5',
    lambda: result({ statusCode, headers: { ETag: '"a"' }, body: 'four' }),
    answer: {
      status: statusCode,
      headers: { etag: ['"a"'], 'transfer-encoding': [], 'content-length': [], 'content-type': [] },
      body: '',
    },
  })),
];

describe('result of format 1.0', () => {
  testResults([...shapes, ...statusCodes, ...bodies, ...contentTypes, ...headers, ...withoutBody], {
    payloadFormatVersion: '1.0',
  });
});

describe('result of format legacy', () => {
  const rows: readonly ResultRow[] = [
    {
      name: 'decodes as 1.0',
      source: DECISION,
      lambda: result({
        statusCode: '201',
        multiValueHeaders: { 'X-A': ['1', '2'] },
        body: 'eA==',
        isBase64Encoded: true,
      }),
      answer: { status: 201, headers: { 'x-a': ['1', '2'] }, body: 'x' },
    },
    malformed('null', null),
  ];
  testResults(rows, { payloadFormatVersion: 'legacy' });
});
