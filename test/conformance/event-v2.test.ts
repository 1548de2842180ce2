import type { RequestParts } from '../support/raw-client';
import { testEvents, type EventRow } from './support/event-rows';
import { script } from './support/table';

/**
 * Format 2.0: the event of an HTTP API. Recorded facts name the recording; `decision` is one of this project, where API
 * Gateway has no answer or is left on purpose.
 */
const POWERTOOLS = 'powertools-lambda-typescript packages/parser/tests/events/apigw-http (recorded)';
const DOTNET = 'aws-lambda-dotnet LambdaTestTool-v2 Snapshots/V2_*.json (recorded)';
const VOKER = 'hotsock/voker vokerhttp/testdata/apigwv2-request.json (recorded)';
const FLOCI = 'floci issue #2172, PR #2203 (measured on an HTTP API)';
const MINISTACK = 'ministack PR #766, #1163 (measured on an HTTP API)';
const DECISION = 'decision of this project';

const BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

const post = (type: string | undefined, body: string | Uint8Array): RequestParts => ({
  method: 'POST',
  target: '/echo',
  body,
  headers: type === undefined ? [] : [['Content-Type', type]],
});

const envelope: readonly EventRow[] = [
  {
    name: 'leaves out what is empty',
    source: `${POWERTOOLS}, ${MINISTACK}`,
    request: { target: '/plain' },
    endpoint: { paths: '/plain', methods: 'GET' },
    keys: ['version', 'routeKey', 'rawPath', 'rawQueryString', 'headers', 'requestContext', 'isBase64Encoded'],
    event: {
      version: '2.0',
      routeKey: 'GET /plain',
      rawPath: '/plain',
      rawQueryString: '',
      isBase64Encoded: false,
    },
  },
  {
    name: 'has every key when there is something',
    source: `${POWERTOOLS}, ${DOTNET}`,
    request: {
      ...post('text/plain', 'x'),
      target: '/a/b?c=d',
      headers: [
        ['Content-Type', 'text/plain'],
        ['Cookie', 'e=f'],
      ],
    },
    endpoint: { paths: '/a/:id' },
    settings: { stageVariables: { table: 'orders' } },
    keys: [
      'version',
      'routeKey',
      'rawPath',
      'rawQueryString',
      'cookies',
      'headers',
      'queryStringParameters',
      'requestContext',
      'body',
      'pathParameters',
      'isBase64Encoded',
      'stageVariables',
    ],
    event: {
      cookies: ['e=f'],
      queryStringParameters: { c: 'd' },
      body: 'x',
      pathParameters: { id: 'b' },
      stageVariables: { table: 'orders' },
    },
  },
  {
    name: 'the whole request context',
    source: `${POWERTOOLS}, ${DOTNET}`,
    request: { method: 'PUT', target: '/a/b%20c', headers: [['User-Agent', 'curl/8.7.1']] },
    endpoint: { paths: '/a/*', methods: 'PUT' },
    settings: { stage: 'dev' },
    event: {
      requestContext: {
        accountId: expect.any(String),
        apiId: expect.any(String),
        domainName: expect.stringMatching(/^row-\d+\.test$/),
        domainPrefix: expect.stringMatching(/^row-\d+$/),
        http: {
          method: 'PUT',
          path: '/a/b c',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'curl/8.7.1',
        },
        requestId: expect.stringMatching(/^\w{20,}$/),
        routeKey: 'PUT /a/{proxy+}',
        stage: 'dev',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
    },
    absent: ['requestContext.authorizer', 'requestContext.authentication'],
  },
  {
    name: 'no User-Agent: an empty text',
    source: DOTNET,
    event: { requestContext: { http: { userAgent: '' } } },
    headersAbsent: ['user-agent'],
  },
  {
    name: 'POST with Content-Length 0 has no body, and the header',
    source: DOTNET,
    request: { method: 'POST', headers: [['Content-Length', '0']] },
    event: { headers: { 'content-length': '0' }, isBase64Encoded: false },
    absent: ['body'],
  },
  {
    name: 'GET has a length, too',
    source: DOTNET,
    event: { headers: { 'content-length': '0' } },
  },
  {
    name: 'a body in chunks has its length instead',
    source: DOTNET,
    request: {
      method: 'POST',
      headers: [
        ['Content-Type', 'text/plain'],
        ['Transfer-Encoding', 'chunked'],
      ],
      contentLength: false,
      body: '5\r\nhello\r\n0\r\n\r\n',
    },
    event: { headers: { 'content-length': '5' }, body: 'hello' },
    headersAbsent: ['transfer-encoding'],
  },
  {
    name: 'no stage variables: the key is absent',
    source: DOTNET,
    settings: { stageVariables: {} },
    absent: ['stageVariables'],
  },
];

const routes: readonly EventRow[] = [
  {
    name: 'one method is in the route key',
    source: DOTNET,
    request: { method: 'POST', target: '/users/1/orders' },
    endpoint: { paths: '/users/:userId/orders', methods: 'POST' },
    event: { routeKey: 'POST /users/{userId}/orders', requestContext: { routeKey: 'POST /users/{userId}/orders' } },
  },
  {
    name: 'several methods are ANY',
    source: DECISION,
    request: { target: '/x' },
    endpoint: { paths: '/x', methods: 'GET,POST' },
    event: { routeKey: 'ANY /x' },
  },
  {
    name: 'no method is ANY',
    source: DECISION,
    request: { target: '/x/y' },
    endpoint: { paths: '/x/*' },
    event: { routeKey: 'ANY /x/{proxy+}', pathParameters: { proxy: 'y' } },
  },
  {
    name: 'no path is $default, without path parameters',
    source: VOKER,
    request: { target: '/any/where' },
    event: { routeKey: '$default', rawPath: '/any/where', requestContext: { routeKey: '$default' } },
    absent: ['pathParameters'],
  },
];

const paths: readonly EventRow[] = [
  {
    name: 'rawPath as received; path and parameters decoded',
    source: `decoding: ${DOTNET}, ${VOKER}; raw path: function URL of localstack lambda_url echo (recorded), ${DECISION}`,
    request: { target: '/users/a%2Fb%20c%40d%E2%98%95/x%2By+z' },
    endpoint: { paths: '/users/:name/:other' },
    event: {
      rawPath: '/users/a%2Fb%20c%40d%E2%98%95/x%2By+z',
      pathParameters: { name: 'a/b c@d☕', other: 'x+y+z' },
      requestContext: { http: { path: '/users/a/b c@d☕/x+y+z' } },
    },
  },
  {
    name: 'a trailing slash stays in rawPath and is cut from a greedy parameter',
    source: 'floci (emulator)',
    request: { target: '/files/a/b/' },
    endpoint: { paths: '/files/*' },
    event: { rawPath: '/files/a/b/', pathParameters: { proxy: 'a/b' } },
  },
  {
    name: 'double slashes stay',
    source: DECISION,
    request: { target: '//host.example//x' },
    event: { rawPath: '//host.example//x', requestContext: { domainName: expect.stringMatching(/^row-/) } },
  },
  {
    name: 'absolute form: path and query without scheme and authority',
    source: DECISION,
    request: { target: 'http://elsewhere.example/a?b=c' },
    event: { rawPath: '/a', rawQueryString: 'b=c', requestContext: { http: { path: '/a' } } },
  },
  {
    name: 'stripPath and the raw query',
    source: DECISION,
    request: { target: '/api/x%2Fy?q=%31' },
    endpoint: { paths: '/api/*' },
    settings: { stripPath: true },
    event: { rawPath: '/x%2Fy', rawQueryString: 'q=%31', requestContext: { http: { path: '/x/y' } } },
  },
];

const queries: readonly EventRow[] = [
  {
    name: 'the raw query to the letter; parameters decoded, plus is a space, repeats joined',
    source: `${VOKER}, ${DOTNET}`,
    request: { target: '/x?q=Hello%20World&plus=a+b&enc=a%2Bb&tag=C%23&empty=&tag=.NET%20Core&u=https%3A%2F%2Fe.com' },
    event: {
      rawQueryString: 'q=Hello%20World&plus=a+b&enc=a%2Bb&tag=C%23&empty=&tag=.NET%20Core&u=https%3A%2F%2Fe.com',
      queryStringParameters: {
        q: 'Hello World',
        plus: 'a b',
        enc: 'a+b',
        tag: 'C#,.NET Core',
        empty: '',
        u: 'https://e.com',
      },
    },
  },
  {
    name: 'brackets nest nothing, semicolons separate nothing',
    source: DECISION,
    request: { target: '/x?f[a]=1&b=2;c=3' },
    event: { rawQueryString: 'f[a]=1&b=2;c=3', queryStringParameters: { 'f[a]': '1', b: '2;c=3' } },
  },
  {
    name: 'malformed percent-encoding stays as it is',
    source: DECISION,
    request: { target: '/x?a=%zz&b=%E0%A4%A' },
    event: { rawQueryString: 'a=%zz&b=%E0%A4%A', queryStringParameters: { a: '%zz', b: '%E0%A4%A' } },
  },
  {
    name: 'a lone question mark is no query',
    source: DECISION,
    request: { target: '/x?' },
    event: { rawPath: '/x', rawQueryString: '' },
    absent: ['queryStringParameters'],
  },
];

const headers: readonly EventRow[] = [
  {
    name: 'names in lower case, repeated lines joined with a comma, values untouched',
    source: `${VOKER}, ${DOTNET}`,
    request: {
      headers: [
        ['X-Voker-Probe', 'first'],
        ['x-voker-probe', 'second'],
        ['AUTHORIZATION', 'Bearer aBc'],
        ['Accept', 'text/html, application/json'],
      ],
    },
    event: {
      headers: {
        'x-voker-probe': 'first,second',
        authorization: 'Bearer aBc',
        accept: 'text/html, application/json',
        host: expect.stringMatching(/^row-/),
      },
    },
    absent: ['multiValueHeaders'],
    headersAbsent: ['connection'],
  },
  {
    name: 'cookies: split at semicolons, trimmed, in no header',
    source: `${VOKER}, ${DOTNET}`,
    request: { headers: [['Cookie', 'session=abc123;theme=dark;  q="a b"; ']] },
    event: { cookies: ['session=abc123', 'theme=dark', 'q="a b"'] },
    headersAbsent: ['cookie'],
  },
  {
    name: 'an empty Cookie header is no cookie',
    source: DECISION,
    request: { headers: [['Cookie', '']] },
    absent: ['cookies'],
    headersAbsent: ['cookie'],
  },
  {
    name: 'Content-Length of a body',
    source: VOKER,
    request: post('application/json', '{"unicode":"λ"}'),
    event: { headers: { 'content-length': '16', 'content-type': 'application/json' }, body: '{"unicode":"λ"}' },
  },
  {
    name: 'added: trace id, and where the request came from',
    source: POWERTOOLS,
    request: { headers: [['X-Forwarded-For', '192.0.2.1']] },
    event: {
      headers: {
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[\da-f]{8}-[\da-f]{24}$/),
        'x-forwarded-for': '192.0.2.1, 127.0.0.1',
        'x-forwarded-port': expect.stringMatching(/^\d+$/),
        'x-forwarded-proto': 'http',
      },
      requestContext: { http: { sourceIp: '127.0.0.1' } },
    },
  },
  {
    name: "the client's trace id is kept",
    source: 'localstack test_invocation_trace_id (recorded)',
    request: { headers: [['X-Amzn-Trace-Id', 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1']] },
    event: { headers: { 'x-amzn-trace-id': 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1' } },
  },
  {
    name: 'a forged eg-consumer-id does not arrive',
    source: DECISION,
    request: { headers: [['eg-consumer-id', 'admin']] },
    absent: ['requestContext.authorizer'],
    headersAbsent: ['eg-consumer-id'],
  },
];

const TEXTUAL = ['text/plain', 'text/plain; charset=utf-8', 'text/html', 'text/csv', 'text/xml'].concat([
  'application/json',
  'application/json; charset=utf-8',
  'application/xml',
  'application/javascript',
  'Text/Plain;Charset="UTF-8"',
]);
const BINARY = [undefined, 'application/x-www-form-urlencoded', 'application/octet-stream'].concat([
  'multipart/form-data; boundary=test',
  'application/x-protobuf',
  'application/zip',
  'application/pdf',
  'image/png',
  'audio/mpeg',
  'video/mp4',
  'weird/unknown',
  'text/plain; charset=iso-8859-1',
]);

const bodies: readonly EventRow[] = [
  ...TEXTUAL.map((type) => ({
    name: `text: ${type}`,
    source: `${FLOCI}, ${MINISTACK}`,
    request: post(type, 'hello wörld'),
    event: { body: 'hello wörld', isBase64Encoded: false },
  })),
  ...BINARY.map((type) => ({
    name: `base64: ${type ?? 'no type'}`,
    source: `${FLOCI}, ${MINISTACK}`,
    request: post(type, 'hello wörld'),
    event: { body: Buffer.from('hello wörld').toString('base64'), isBase64Encoded: true },
  })),
  {
    name: 'base64: text that is not UTF-8',
    source: DECISION,
    request: post('text/plain', BYTES),
    event: { body: BYTES.toString('base64'), isBase64Encoded: true },
  },
  {
    name: 'base64: a textual type that binaryMediaTypes lists',
    source: DECISION,
    request: post('application/json', '{}'),
    settings: { binaryMediaTypes: ['application/json'] },
    event: { body: 'e30=', isBase64Encoded: true },
  },
];

const USER = { type: 'user', id: 'u1', username: 'ann', authorizedScopes: ['r', 'w'] };

const callers: readonly EventRow[] = [
  {
    name: 'a user that the gateway knows: as a Lambda authorizer',
    source: `${POWERTOOLS} (shape)`,
    request: { headers: [['eg-consumer-id', 'admin']] },
    before: [script('user', { value: { ...USER, token: { id: 'secret' }, passwordHash: 'secret' } })],
    event: { requestContext: { authorizer: { lambda: { principalId: 'u1', username: 'ann', scopes: 'r w' } } } },
    absent: ['requestContext.authorizer.lambda.token', 'requestContext.authorizer.lambda.passwordHash'],
    headersAbsent: ['eg-consumer-id'],
  },
  {
    name: 'claims of a token: as a JWT authorizer, values as text, lists as [a b], nulls left out',
    source: `${POWERTOOLS}, ${FLOCI}`,
    before: [script('user', { value: { sub: 's1', exp: 1700000000, aud: ['a', 'b'], none: null, scope: 'x y' } })],
    event: {
      requestContext: {
        authorizer: {
          jwt: { claims: { sub: 's1', exp: '1700000000', aud: '[a b]', scope: 'x y' }, scopes: null },
        },
      },
    },
    absent: ['requestContext.authorizer.jwt.claims.none', 'requestContext.authorizer.lambda'],
  },
  {
    name: 'where the endpoint asks for a scope: all that the token has',
    source: POWERTOOLS,
    endpoint: { paths: '/scoped', scopes: ['x'] },
    request: { target: '/scoped' },
    before: [script('user', { value: { sub: 's1', scope: 'x y' } })],
    event: { requestContext: { authorizer: { jwt: { scopes: ['x', 'y'] } } } },
  },
  {
    name: 'what kind of token it is, and no token: functions check it',
    source: POWERTOOLS,
    before: [script('user', { value: { sub: 's1', token_use: 'access', token_type: 'Bearer', access_token: 'leak' } })],
    event: { requestContext: { authorizer: { jwt: { claims: { token_use: 'access', token_type: 'Bearer' } } } } },
    absent: ['requestContext.authorizer.jwt.claims.access_token'],
  },
  {
    name: 'claims without scopes: null',
    source: `${POWERTOOLS}, ${FLOCI}`,
    before: [script('user', { value: { sub: 's1' } })],
    event: { requestContext: { authorizer: { jwt: { claims: { sub: 's1' }, scopes: null } } } },
  },
];

describe('event of format 2.0', () => {
  testEvents([...envelope, ...routes, ...paths, ...queries, ...headers, ...bodies, ...callers], {
    payloadFormatVersion: '2.0',
  });
});
