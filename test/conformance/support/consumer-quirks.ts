import type { ComparableAnswer } from './comparable-answer';

/**
 * A difference between the answer through the gateway and the direct one that AWS would cause as well: the format says
 * less than HTTP, or the adapter loses something. It is expected exactly as it stands here, so that a change of either
 * shows.
 */
export interface Quirk {
  readonly consumers: readonly string[];
  readonly formats: readonly string[];
  /** Names of sample requests. */
  readonly requests: readonly string[];
  /** What the answer has instead (a merge patch: null removes). */
  readonly differs: Readonly<Record<string, unknown>>;
  readonly evidence: string;
}

const ALL = ['hono', 'fastify', 'serverless-http', 'serverless-express', 'powertools'];
const BOTH = ['1.0', '2.0'];
/** What 256 different bytes become when they are read as UTF-8, each invalid one a replacement character. */
const BYTES_AS_TEXT = Buffer.from(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('utf8'));

const seenHeaders = (headers: Record<string, string | null>): Quirk['differs'] => ({ body: { headers } });

export const QUIRKS: readonly Quirk[] = [
  // The formats themselves
  {
    consumers: ALL,
    formats: ['2.0'],
    requests: ['repeated header'],
    differs: seenHeaders({ 'x-custom': 'one,two, three' }),
    evidence: 'format 2.0 joins repeated lines without a space (recorded: hotsock/voker apigwv2-request.json)',
  },
  {
    consumers: ['powertools'],
    formats: ['1.0'],
    requests: ['repeated query'],
    differs: { body: { query: ['1', '2', '1'].map((a) => ['a', a]).concat([['b', '3']]) } },
    evidence: 'multiValueQueryStringParameters has no order between names; the other apps are not shown one',
  },
  {
    consumers: ['serverless-express'],
    formats: ['1.0'],
    requests: ['trailing slash'],
    differs: { body: { path: '/echo/dir' } },
    evidence:
      'utils.js getPathWithQueryStringParams takes pathParameters.proxy, which has no trailing slash (recorded: localstack test_lambda_aws_proxy_integration)',
  },
  // hono/aws-lambda
  {
    consumers: ['hono'],
    formats: ['2.0'],
    requests: ['empty header'],
    differs: seenHeaders({ 'x-empty': null }),
    evidence: 'handler.js EventV2Processor.getHeaders skips empty values: `if (v)`',
  },
  // @fastify/aws-lambda
  {
    consumers: ['fastify'],
    formats: BOTH,
    requests: ['no User-Agent'],
    differs: seenHeaders({ 'user-agent': 'lightMyRequest' }),
    evidence: 'index.js uses app.inject, and light-my-request sets this default',
  },
  {
    consumers: ['fastify'],
    formats: BOTH,
    requests: ['repeated answer header'],
    differs: { headers: { 'x-repeated': ['one,two'] } },
    evidence: "index.js joins every list but Set-Cookie: `res.headers[h].join(',')`",
  },
  {
    consumers: ['fastify'],
    formats: ['2.0'],
    requests: ['comma in query'],
    differs: { body: { query: { list: ['a', 'b'], enc: ['c', 'd'] } } },
    evidence: 'index.js parseCommaSeparatedQueryParams: in format 2.0 a comma may be a repetition',
  },
  {
    consumers: ['fastify'],
    formats: ['2.0'],
    requests: ['cookies'],
    differs: seenHeaders({ cookie: 'session=abc123;theme=dark;q="a b"' }),
    evidence: "index.js: `event.cookies.join(';')`",
  },
  {
    consumers: ['fastify'],
    formats: ['2.0'],
    requests: ['two cookie lines'],
    differs: seenHeaders({ cookie: 'a=1;b=2' }),
    evidence: "index.js: `event.cookies.join(';')`",
  },
  // serverless-http
  {
    consumers: ['serverless-http'],
    formats: ['1.0'],
    requests: ['repeated header'],
    differs: seenHeaders({ 'x-custom': 'two, three' }),
    evidence: 'create-request.js requestHeaders lets event.headers, the last value, replace multiValueHeaders',
  },
  {
    consumers: ['serverless-http'],
    formats: ['1.0'],
    requests: ['repeated answer header'],
    differs: { headers: { 'x-repeated': ['one', 'two', 'one, two'] } },
    evidence: 'format-response.js combineHeaders returns the joined value beside the list',
  },
  {
    consumers: ['serverless-http'],
    formats: ['2.0'],
    requests: ['repeated answer header'],
    differs: { headers: { 'x-repeated': ['one, two'] } },
    evidence: 'sanitize-headers.js joins lists, and format 2.0 has no multiValueHeaders',
  },
  // @vendia/serverless-express
  {
    consumers: ['serverless-express'],
    formats: ['1.0'],
    requests: ['repeated header'],
    differs: seenHeaders({ 'x-custom': 'one,two, three' }),
    evidence: "utils.js getCommaDelimitedHeaders joins with ','",
  },
  {
    consumers: ['serverless-express'],
    formats: ['2.0'],
    requests: ['repeated answer header'],
    differs: { headers: { 'x-repeated': ['one,two'] } },
    evidence: "api-gateway-v2.js getResponseToApiGateway joins with ','",
  },
  {
    consumers: ['serverless-express'],
    formats: BOTH,
    requests: ['not found'],
    differs: {
      status: 500,
      body: [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n',
        '<body>\n<pre>Internal Server Error</pre>\n</body>\n</html>\n',
      ].join(''),
    },
    evidence: "request.js gives the request a socket without `on`, which Express' page for 404 needs (on-finished)",
  },
  // Powertools
  {
    consumers: ['powertools'],
    formats: ['1.0'],
    requests: ['repeated header'],
    differs: seenHeaders({ 'x-custom': 'two, three, one' }),
    evidence: 'converters.js populateV1Headers sets the last value and appends the ones before it',
  },
  {
    consumers: ['powertools'],
    formats: BOTH,
    requests: ['POST bytes'],
    differs: { body: { body: BYTES_AS_TEXT.toString('base64') } },
    evidence: "converters.js createBody: `Buffer.from(body, 'base64').toString('utf8')`",
  },
  {
    consumers: ['powertools'],
    formats: BOTH,
    requests: ['POST multipart'],
    differs: {
      body: [
        { name: 'text', value: 'Grüße 🚀' },
        {
          name: 'file',
          file: 'bytes.bin',
          type: 'application/octet-stream',
          size: 512,
          sha256: '0f1a0d9c96b61c6dd842f73714f9e10c01c40383217f0a095c08145ef36b081b',
        },
      ],
    },
    evidence: 'converters.js createBody, as above',
  },
  {
    consumers: ['powertools'],
    formats: BOTH,
    requests: ['POST without a type'],
    differs: seenHeaders({ 'content-type': 'text/plain;charset=UTF-8' }),
    evidence: 'converters.js createBody: a Request made of text gets this type',
  },
  {
    consumers: ['powertools'],
    formats: BOTH,
    requests: ['empty answer', 'redirect', 'absolute redirect', '204', '304'],
    differs: { headers: { 'content-type': ['text/plain;charset=UTF-8'] } },
    evidence: "Router.js begins with `new Response('')` and hands its type on to answers without one",
  },
  {
    consumers: ['powertools'],
    formats: BOTH,
    requests: ['several Set-Cookie'],
    differs: { headers: { 'set-cookie': ['empty=; Max-Age=0'] } },
    evidence: 'converters.js handlerResultToWebResponse copies with `headers.set`: the last cookie stays',
  },
  {
    consumers: ['powertools'],
    formats: BOTH,
    requests: ['Set-Cookie with a date'],
    differs: { headers: { 'set-cookie': ['until=tomorrow; Path=/; Expires=Wed', '21 Oct 2037 07:28:00 GMT'] } },
    evidence: "converters.js webResponseToProxyResult: `cookie.split(',')`",
  },
  {
    consumers: ['powertools'],
    formats: ['1.0'],
    requests: ['custom answer headers'],
    differs: { headers: { 'cache-control': ['private', 'max-age=60'], vary: ['Accept', 'Accept-Encoding'] } },
    evidence: 'converters.js webHeadersToApiGatewayV1Headers splits its MULTI_VALUE_HEADERS_ALLOWLIST at commas',
  },
];

/** The direct answer with what the formats and the adapter make of it. */
export function expectedAnswer(direct: ComparableAnswer, quirks: readonly Quirk[]): ComparableAnswer {
  return quirks.reduce<unknown>((answer, quirk) => mergePatch(answer, quirk.differs), direct) as ComparableAnswer;
}

/** RFC 7386. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(merged, name);
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
