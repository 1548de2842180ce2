import type { LambdaScript } from '../support/lambda-endpoint';
import { testResults, type ExpectedAnswer, type ResultRow } from './support/result-rows';

/**
 * Results of format 2.0, as an HTTP API turns them into answers. Recorded facts name the recording; `decision` is one of
 * this project, where API Gateway has no answer or is left on purpose.
 */
const DOTNET = 'aws-lambda-dotnet LambdaTestTool-v2 Snapshots/V2_*.json (recorded)';
const DOTNET_TOOL = 'aws-lambda-dotnet LambdaTestTool-v2 InvokeResponseExtensionsTests (emulator)';
const GUIDE = 'API Gateway guide, http-api-develop-integrations-lambda';
const MINISTACK = 'ministack tests/test_apigatewayv2.py (observed on an HTTP API)';
const DECISION = 'decision of this project';

const MALFORMED: ExpectedAnswer = {
  status: 500,
  headers: { 'content-type': ['application/json'], 'content-length': ['35'], 'x-amzn-errortype': [] },
  body: '{"message":"Internal Server Error"}',
};

const result = (value: unknown): LambdaScript => ({ result: value });
const malformed = (name: string, value: unknown, source = DECISION): ResultRow => ({
  name: `malformed: ${name}`,
  source,
  lambda: result(value),
  answer: MALFORMED,
});
const inferred = (name: string, payload: string, body: string, source: string): ResultRow => ({
  name: `inferred: ${name}`,
  source,
  lambda: { payload },
  answer: { status: 200, headers: { 'content-type': ['application/json'] }, body },
});

const inferences: readonly ResultRow[] = [
  inferred('an object', '{"hello":"world"}', '{"hello":"world"}', GUIDE),
  inferred('an object that looks like an error', '{"errorType":"X"}', '{"errorType":"X"}', GUIDE),
  inferred('an object with a body but no status', '{"body":"x"}', '{"body":"x"}', GUIDE),
  inferred('a string, without its quotes', '"hello \\"you\\" 世界"', 'hello "you" 世界', GUIDE),
  inferred('an empty string', '""', '', DOTNET_TOOL),
  inferred('an array', '["hello",3,true]', '["hello",3,true]', 'localstack test_lambda_url_invocation (recorded)'),
  inferred('a number', '42', '42', DOTNET_TOOL),
  inferred('a boolean', 'true', 'true', DOTNET_TOOL),
  inferred('null', 'null', 'null', DECISION),
  inferred('an empty object', '{}', '{}', DECISION),
];

const proxied: readonly ResultRow[] = [
  {
    name: 'status, header, body',
    source: DOTNET,
    lambda: result({
      statusCode: 201,
      headers: { 'Content-Type': 'application/xml', 'X-Custom-Header': 'CustomValue' },
      cookies: null,
      body: '{"key":"value"}',
      isBase64Encoded: false,
    }),
    answer: {
      status: 201,
      headers: {
        'content-type': ['application/xml'],
        'x-custom-header': ['CustomValue'],
        'content-length': ['15'],
        'x-content-type-options': [],
      },
      body: '{"key":"value"}',
    },
  },
  {
    name: 'null headers and cookies',
    source: DOTNET,
    lambda: result({ statusCode: 200, headers: null, cookies: null, body: 'Hello, World!' }),
    answer: { status: 200, headers: { 'content-length': ['13'], 'set-cookie': [] }, body: 'Hello, World!' },
  },
  {
    name: 'a missing type is guessed',
    source: `${DECISION}; an HTTP API says text/plain; charset=utf-8 (${DOTNET})`,
    lambda: result({ statusCode: 200, body: 'Hello, World!' }),
    answer: {
      status: 200,
      headers: { 'content-type': ['text/plain; charset=utf-8'], 'x-content-type-options': ['nosniff'] },
    },
  },
  {
    name: 'content-type in lower case',
    source: 'aws/aws-lambda-rust-runtime#876 (recorded)',
    lambda: result({ statusCode: 200, headers: { 'content-type': 'text/html' }, body: 'something' }),
    answer: { status: 200, headers: { 'content-type': ['text/html'] }, body: 'something' },
  },
  {
    name: 'base64 is decoded',
    source: `${DOTNET}, ${MINISTACK}`,
    request: { headers: [['Accept', 'text/html']] },
    lambda: result({ statusCode: 200, body: 'AAECAwT/', isBase64Encoded: true }),
    answer: { status: 200, headers: { 'content-length': ['6'] }, body: Buffer.from([0, 1, 2, 3, 4, 255]) },
  },
  {
    name: 'a comma does not split a value',
    source: DOTNET,
    lambda: result({ statusCode: 200, headers: { myheader: 'test,shouldhavesecondvalue' }, body: 'x' }),
    answer: { status: 200, headers: { myheader: ['test,shouldhavesecondvalue'] } },
  },
  {
    name: 'cookies are lines of their own, before a Set-Cookie in headers',
    source: `${GUIDE}, ${MINISTACK}`,
    lambda: result({
      statusCode: 200,
      headers: { 'set-cookie': 'h=1; Path=/' },
      cookies: ['a=1; Expires=Wed, 21 Oct 2037 07:28:00 GMT', 'b=2; Path=/'],
    }),
    answer: {
      status: 200,
      headers: { 'set-cookie': ['a=1; Expires=Wed, 21 Oct 2037 07:28:00 GMT', 'b=2; Path=/', 'h=1; Path=/'] },
    },
  },
  {
    name: 'multiValueHeaders and unknown keys are ignored',
    source: 'aws/serverless-java-container#377, CodeGenieApp/serverless-express#352 (recorded)',
    lambda: result({ statusCode: 200, multiValueHeaders: { 'x-multi': ['1'] }, other: 1, body: 'x' }),
    answer: { status: 200, headers: { 'x-multi': [] }, body: 'x' },
  },
  {
    name: 'an object as body is sent as JSON',
    source: 'localstack, function URL (recorded)',
    lambda: result({ statusCode: 200, body: { a: ['ü'] } }),
    answer: { status: 200, headers: { 'content-type': ['application/json'] }, body: '{"a":["ü"]}' },
  },
  {
    name: 'a numeric string is a status',
    source: 'localstack, function URL (recorded)',
    lambda: result({ statusCode: '418' }),
    answer: { status: 418, body: '' },
  },
  {
    name: 'numbers, booleans, nulls and lists in headers',
    source: DECISION,
    lambda: result({ statusCode: 200, headers: { 'x-n': 1, 'x-b': false, 'x-null': null, 'x-l': ['a', 'b'] } }),
    answer: { status: 200, headers: { 'x-n': ['1'], 'x-b': ['false'], 'x-null': [], 'x-l': ['a', 'b'] } },
  },
  {
    name: 'hop-by-hop and framing headers are dropped',
    source: DECISION,
    lambda: result({ statusCode: 200, headers: { 'Transfer-Encoding': 'chunked', 'Content-Length': '99' }, body: 'x' }),
    answer: { status: 200, headers: { 'transfer-encoding': [], 'content-length': ['1'] }, body: 'x' },
  },
  {
    name: 'HEAD: no body, but its length',
    source: 'RFC 9110, section 9.3.2',
    request: { method: 'HEAD' },
    lambda: result({ statusCode: 200, body: 'four' }),
    answer: { status: 200, headers: { 'content-length': ['4'] }, body: '' },
  },
  {
    name: '204: no body, no length',
    source: 'RFC 9110, section 15.3.5',
    lambda: result({ statusCode: 204, body: 'four' }),
    answer: { status: 204, headers: { 'content-length': [], 'transfer-encoding': [], 'content-type': [] }, body: '' },
  },
];

const malformedResults: readonly ResultRow[] = [
  { name: 'malformed: nothing', source: DECISION, lambda: { payload: '' }, answer: MALFORMED },
  { name: 'malformed: not JSON', source: DECISION, lambda: { payload: '<html>' }, answer: MALFORMED },
  malformed('status 0', { statusCode: 0, body: 'x' }, DOTNET),
  ...['test', 99, 101, 600, 200.5, true].map((statusCode) => malformed(`status ${statusCode}`, { statusCode })),
  malformed('invalid base64', { statusCode: 200, body: '!', isBase64Encoded: true }),
  malformed('cookies that are no list', { statusCode: 200, cookies: 'a=1' }),
  malformed('CR LF in a cookie', { statusCode: 200, cookies: ['a=1\r\nx: y'] }),
  malformed('CR LF in a value', { statusCode: 200, headers: { 'x-a': 'b\r\n\r\n<html>' } }),
  malformed('a name with a space', { statusCode: 200, headers: { 'x a': 'b' } }),
];

describe('result of format 2.0', () => {
  testResults([...inferences, ...proxied, ...malformedResults], { payloadFormatVersion: '2.0' });
});
