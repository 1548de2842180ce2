import type { RequestParts } from '../support/raw-client';
import { testEvents, type EventRow } from './support/event-rows';
import { script } from './support/table';

/**
 * Format 1.0: the event of a REST API with AWS_PROXY integration. Recorded facts name the recording; `decision` is one
 * of this project, where API Gateway has no answer or is left on purpose.
 */
const LS = 'localstack test_apigateway_lambda.py test_lambda_aws_proxy_integration (recorded)';
const REMAPPING = 'localstack test_apigateway_header_remapping_aws[AWS_PROXY] (recorded)';
const DOTNET = 'aws-lambda-dotnet LambdaTestTool-v2 Snapshots/V1_*Rest.json (recorded)';
const POWERTOOLS = 'powertools-lambda-typescript packages/parser/tests/events/apigw-rest (recorded)';
const VOKER = 'hotsock/voker vokerhttp/testdata (recorded)';
const MINISTACK = 'ministack PR #767 (measured on a REST API)';
const GUIDE = 'API Gateway guide, set-up-lambda-proxy-integrations';
const NOTES = 'API Gateway guide, api-gateway-known-issues';
const DECISION = 'decision of this project';

const BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const UUID = expect.stringMatching(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
const TRACE = expect.stringMatching(/^Root=1-[\da-f]{8}-[\da-f]{24}$/);

const post = (type: string | undefined, body: string | Uint8Array): RequestParts => ({
  method: 'POST',
  target: '/echo',
  body,
  headers: type === undefined ? [] : [['Content-Type', type]],
});
const text = { body: 'grüße', isBase64Encoded: false };
const base64 = { body: Buffer.from('grüße').toString('base64'), isBase64Encoded: true };

const envelope: readonly EventRow[] = [
  {
    name: 'has exactly the keys of a REST event, null where there is nothing',
    source: `${LS}, ${POWERTOOLS}`,
    request: { target: '/plain' },
    endpoint: { paths: '/plain' },
    keys: [
      'resource',
      'path',
      'httpMethod',
      'headers',
      'multiValueHeaders',
      'queryStringParameters',
      'multiValueQueryStringParameters',
      'pathParameters',
      'stageVariables',
      'requestContext',
      'body',
      'isBase64Encoded',
    ],
    event: {
      resource: '/plain',
      path: '/plain',
      httpMethod: 'GET',
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      stageVariables: null,
      body: null,
      isBase64Encoded: false,
    },
  },
  {
    name: 'POST with Content-Length 0 has no body',
    source: DOTNET,
    request: { method: 'POST', headers: [['Content-Length', '0']] },
    event: { httpMethod: 'POST', body: null, isBase64Encoded: false },
  },
  {
    name: 'a chunked body without a byte is no body',
    source: DOTNET,
    request: { method: 'POST', headers: [['Transfer-Encoding', 'chunked']], body: '0\r\n\r\n' },
    event: { body: null, isBase64Encoded: false },
  },
  {
    name: 'the whole request context',
    source: `${LS}, ${POWERTOOLS}`,
    request: { method: 'POST', target: '/a/b?c=d', headers: [['User-Agent', 'HTTPie/3.2.2']] },
    endpoint: { paths: '/a/:x' },
    settings: { stage: 'prod' },
    event: {
      requestContext: {
        accountId: expect.any(String),
        apiId: expect.any(String),
        deploymentId: expect.any(String),
        domainName: expect.stringMatching(/^row-\d+\.test$/),
        domainPrefix: expect.stringMatching(/^row-\d+$/),
        extendedRequestId: UUID,
        httpMethod: 'POST',
        path: '/prod/a/b',
        protocol: 'HTTP/1.1',
        requestId: expect.stringMatching(/^\w{20,}$/),
        requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        requestTimeEpoch: expect.any(Number),
        resourceId: expect.any(String),
        resourcePath: '/a/{x}',
        stage: 'prod',
        identity: {
          accessKey: null,
          accountId: null,
          caller: null,
          cognitoAuthenticationProvider: null,
          cognitoAuthenticationType: null,
          cognitoIdentityId: null,
          cognitoIdentityPoolId: null,
          principalOrgId: null,
          sourceIp: '127.0.0.1',
          user: null,
          userAgent: 'HTTPie/3.2.2',
          userArn: null,
        },
      },
    },
    absent: ['version', 'requestContext.authorizer', 'requestContext.identity.apiKey'],
  },
  {
    name: 'no User-Agent: null',
    source: DOTNET,
    event: { requestContext: { identity: { userAgent: null } } },
    headersAbsent: ['user-agent'],
  },
  {
    name: 'stage variables',
    source: GUIDE,
    settings: { stageVariables: { table: 'orders' } },
    event: { stageVariables: { table: 'orders' } },
  },
  {
    name: 'no stage variables are null, where they are set to none as well',
    source: GUIDE,
    settings: { stageVariables: {} },
    event: { stageVariables: null },
  },
  {
    name: 'the stage $default is in no path',
    source: DECISION,
    request: { target: '/x' },
    event: { path: '/x', requestContext: { path: '/x', stage: '$default' } },
  },
  {
    name: 'the endpoint of the gateway and what earlier policies left',
    source: DECISION,
    before: [script('context', { value: { tenant: 't1' } })],
    event: { requestContext: { tenant: 't1', apiEndpoint: { apiEndpointName: expect.stringMatching(/^row-/) } } },
  },
];

const paths: readonly EventRow[] = [
  {
    name: 'nothing is decoded: %20, %2B, %40, +',
    source: LS,
    request: { target: '/proxy-value/api/user/test%2Balias%40gmail.com/plus/a+b%20c' },
    endpoint: { paths: '/*' },
    settings: { stage: 'stage' },
    event: {
      resource: '/{proxy+}',
      path: '/proxy-value/api/user/test%2Balias%40gmail.com/plus/a+b%20c',
      pathParameters: { proxy: 'proxy-value/api/user/test%2Balias%40gmail.com/plus/a+b%20c' },
      requestContext: {
        path: '/stage/proxy-value/api/user/test%2Balias%40gmail.com/plus/a+b%20c',
        resourcePath: '/{proxy+}',
      },
    },
  },
  {
    name: 'UTF-8 and slashes stay encoded in named parameters',
    source: `${DOTNET}, serverless/serverless#5037 (recorded)`,
    request: { target: '/products/%E2%98%95%20Coffee/a%2Fb' },
    endpoint: { paths: '/products/:name/:review' },
    event: {
      resource: '/products/{name}/{review}',
      path: '/products/%E2%98%95%20Coffee/a%2Fb',
      pathParameters: { name: '%E2%98%95%20Coffee', review: 'a%2Fb' },
    },
  },
  {
    name: 'a trailing slash stays in the path and is cut from a greedy parameter',
    source: LS,
    request: { target: '/proxy-value/?urlparam=test' },
    endpoint: { paths: '/*' },
    settings: { stage: 'stage' },
    event: {
      path: '/proxy-value/',
      pathParameters: { proxy: 'proxy-value' },
      queryStringParameters: { urlparam: 'test' },
      requestContext: { path: '/stage/proxy-value/' },
    },
  },
  {
    name: 'a double slash inside stays, in the parameter too',
    source: LS,
    request: { target: '/a//b' },
    endpoint: { paths: '/*' },
    event: { path: '/a//b', pathParameters: { proxy: 'a//b' } },
  },
  {
    name: 'a double slash in front is one in path, none in the parameter, kept in the context',
    source: LS,
    request: { target: '//x' },
    endpoint: { paths: '/*' },
    settings: { stage: 'stage' },
    event: { path: '/x', pathParameters: { proxy: 'x' }, requestContext: { path: '/stage//x' } },
  },
  {
    name: 'a greedy parameter begins after its parent',
    source: 'trpc/trpc#2087 (recorded)',
    request: { target: '/a/b/c/d%20e' },
    endpoint: { paths: '/a/b/*' },
    event: { resource: '/a/b/{proxy+}', path: '/a/b/c/d%20e', pathParameters: { proxy: 'c/d%20e' } },
  },
  {
    name: 'a parameter and a greedy one',
    source: GUIDE,
    request: { target: '/users/7%2C8/x/y' },
    endpoint: { paths: '/users/:id/*' },
    event: { resource: '/users/{id}/{proxy+}', pathParameters: { id: '7%2C8', proxy: 'x/y' } },
  },
  {
    name: 'a greedy parameter with nothing in it is no parameter',
    source: DECISION,
    request: { target: '/api/' },
    endpoint: { paths: '/api/*' },
    event: { resource: '/api/{proxy+}', path: '/api/', pathParameters: null },
  },
  {
    name: 'the endpoint path that matched is the resource',
    source: DECISION,
    request: { target: '/b/c' },
    endpoint: { paths: ['/a', '/b/*'] },
    event: { resource: '/b/{proxy+}', pathParameters: { proxy: 'c' } },
  },
  {
    name: 'ignorePath: the function sees /',
    source: DECISION,
    request: { target: '/a/b?c=d' },
    endpoint: { paths: '/a/*' },
    settings: { ignorePath: true },
    event: { path: '/', requestContext: { path: '/' } },
  },
  {
    name: 'stripPath: the raw path behind the literal prefix',
    source: DECISION,
    request: { target: '/api/v1/x%2Fy/z?q=1' },
    endpoint: { paths: '/api/v1/*' },
    settings: { stripPath: true },
    event: { path: '/x%2Fy/z', pathParameters: { proxy: 'x%2Fy/z' }, queryStringParameters: { q: '1' } },
  },
  {
    name: 'absolute form: path and query without scheme and authority',
    source: DECISION,
    request: { target: 'http://elsewhere.example/a?b=c' },
    event: { path: '/a', queryStringParameters: { b: 'c' } },
  },
  {
    name: 'a dot segment is not resolved',
    source: DECISION,
    request: { target: '/a/../b;v=1' },
    event: { path: '/a/../b;v=1' },
  },
];

const queries: readonly EventRow[] = [
  {
    name: 'decoded: %xx, plus is a space, %2B a plus; / : = in values',
    source: `${LS} (params-encoding)`,
    request: {
      target: '/x?t=10:00+00:00&email=test%2Balias@gmail.com&url=https://example.com/&space=a%20b&eq=a=b&u=%E2%98%95',
    },
    event: {
      queryStringParameters: {
        t: '10:00 00:00',
        email: 'test+alias@gmail.com',
        url: 'https://example.com/',
        space: 'a b',
        eq: 'a=b',
        u: '☕',
      },
      multiValueQueryStringParameters: { t: ['10:00 00:00'], email: ['test+alias@gmail.com'], eq: ['a=b'] },
    },
  },
  {
    name: 'empty values, with and without =',
    source: `${VOKER}, ${DOTNET}`,
    request: { target: '/x?a=&b&c=1' },
    event: {
      queryStringParameters: { a: '', b: '', c: '1' },
      multiValueQueryStringParameters: { a: [''], b: [''], c: ['1'] },
    },
  },
  {
    name: 'repeated: the last value, and all in order',
    source: `${LS} (params-encoding-multi)`,
    request: { target: '/x?category=electronics&price=10&category=books&price=20&price=30' },
    event: {
      queryStringParameters: { category: 'books', price: '30' },
      multiValueQueryStringParameters: { category: ['electronics', 'books'], price: ['10', '20', '30'] },
    },
  },
  {
    name: 'a comma in a value does not split it',
    source: GUIDE,
    request: { target: '/x?list=a,b%2Cc' },
    event: {
      queryStringParameters: { list: 'a,b,c' },
      multiValueQueryStringParameters: { list: ['a,b,c'] },
    },
  },
  {
    name: 'a semicolon separates',
    source: NOTES,
    request: { target: '/x?a=1;b=2' },
    event: { queryStringParameters: { a: '1', b: '2' } },
  },
  {
    name: 'brackets nest nothing',
    source: DECISION,
    request: { target: '/x?f[a]=1&g[]=2' },
    event: { queryStringParameters: { 'f[a]': '1', 'g[]': '2' } },
  },
  {
    name: 'malformed percent-encoding stays as it is',
    source: DECISION,
    request: { target: '/x?a=%zz&b=%E0%A4%A' },
    event: { queryStringParameters: { a: '%zz', b: '%E0%A4%A' } },
  },
  {
    name: 'a question mark inside the query belongs to it',
    source: DECISION,
    request: { target: '/x?a=b?c' },
    event: { path: '/x', queryStringParameters: { a: 'b?c' } },
  },
];

const HEADERS_DROPPED = ['connection', 'content-length', 'content-md5', 'expect', 'max-forwards'].concat([
  'proxy-authenticate',
  'server',
  'te',
  'trailer',
  'upgrade',
  'www-authenticate',
]);
const HEADERS_KEPT = ['Accept', 'Accept-Encoding', 'Age', 'Content-Encoding', 'Date', 'Pragma', 'Range'].concat([
  'Referer',
  'Via',
  'Warn',
  'X-Amz-Date',
]);

const headers: readonly EventRow[] = [
  {
    name: "the client's spelling, but for the names that API Gateway spells itself",
    source: LS,
    request: {
      headers: [
        ['tEsT-HEADeR', 'aValUE'],
        ['aUThorization', 'Bearer token123;API key456'],
        ['user-agent', 'testing'],
        ['x-amzn-trace-id', 'Root=1-5759e988-bd862e3fe1be46a994272793'],
      ],
    },
    event: {
      headers: {
        'tEsT-HEADeR': 'aValUE',
        Authorization: 'Bearer token123;API key456',
        'User-Agent': 'testing',
        'X-Amzn-Trace-Id': 'Root=1-5759e988-bd862e3fe1be46a994272793',
        Host: expect.stringMatching(/^row-/),
      },
      multiValueHeaders: { 'tEsT-HEADeR': ['aValUE'], Authorization: ['Bearer token123;API key456'] },
    },
    absent: ['headers.authorization', 'headers.user-agent'],
  },
  {
    name: 'repeated lines: the last value, and all in order, under the first spelling',
    source: VOKER,
    request: {
      headers: [
        ['X-Probe', 'first'],
        ['x-probe', 'second, third'],
      ],
    },
    event: { headers: { 'X-Probe': 'second, third' }, multiValueHeaders: { 'X-Probe': ['first', 'second, third'] } },
  },
  {
    name: 'repeated lines of what may come once: the first, which earlier policies saw',
    source: DECISION,
    request: {
      headers: [
        ['Authorization', 'Basic first'],
        ['authorization', 'Basic second'],
      ],
    },
    event: { headers: { Authorization: 'Basic first' }, multiValueHeaders: { Authorization: ['Basic first'] } },
  },
  {
    name: 'a list with commas is one value',
    source: GUIDE,
    request: { headers: [['Accept', 'text/html, application/json;q=0.9']] },
    event: { multiValueHeaders: { Accept: ['text/html, application/json;q=0.9'] } },
  },
  {
    name: 'Cookie is a header like any other',
    source: DOTNET,
    request: { headers: [['Cookie', 'session=abc123; theme=dark']] },
    event: {
      headers: { Cookie: 'session=abc123; theme=dark' },
      multiValueHeaders: { Cookie: ['session=abc123; theme=dark'] },
    },
    absent: ['cookies'],
  },
  {
    name: 'dropped: what describes the connection or the message',
    source: REMAPPING,
    request: {
      method: 'POST',
      body: 'x',
      headers: HEADERS_DROPPED.filter(
        (name) => !['content-length', 'connection', 'expect', 'upgrade'].includes(name),
      ).map((name) => [name, 'value']),
    },
    headersAbsent: HEADERS_DROPPED,
  },
  {
    name: 'dropped: Expect',
    source: REMAPPING,
    request: { method: 'POST', body: 'x', headers: [['Expect', '100-continue']] },
    event: { body: 'x' },
    headersAbsent: ['expect'],
  },
  {
    name: 'dropped: Transfer-Encoding',
    source: REMAPPING,
    request: { method: 'POST', headers: [['Transfer-Encoding', 'chunked']], body: '3\r\nabc\r\n0\r\n\r\n' },
    event: { body: 'abc' },
    headersAbsent: ['transfer-encoding', 'content-length'],
  },
  {
    name: 'kept: everything else',
    source: REMAPPING,
    request: { headers: HEADERS_KEPT.map((name) => [name, 'value']) },
    event: { headers: Object.fromEntries(HEADERS_KEPT.map((name) => [name, 'value'])) },
  },
  {
    name: 'added: trace id, and where the request came from',
    source: `${LS}, ${POWERTOOLS}`,
    event: {
      headers: {
        'X-Amzn-Trace-Id': TRACE,
        'X-Forwarded-For': '127.0.0.1',
        'X-Forwarded-Port': expect.stringMatching(/^\d+$/),
        'X-Forwarded-Proto': 'http',
      },
      multiValueHeaders: { 'X-Amzn-Trace-Id': [TRACE], 'X-Forwarded-For': ['127.0.0.1'] },
    },
  },
  {
    name: 'the client address is appended to X-Forwarded-For and not taken from it',
    source: DECISION,
    request: {
      headers: [
        ['x-forwarded-for', '192.0.2.1'],
        ['x-forwarded-proto', 'https'],
        ['x-forwarded-port', '8443'],
      ],
    },
    event: {
      headers: { 'X-Forwarded-For': '192.0.2.1, 127.0.0.1', 'X-Forwarded-Proto': 'http' },
      requestContext: { identity: { sourceIp: '127.0.0.1' } },
    },
  },
  {
    name: 'an empty value is a value',
    source: DECISION,
    request: { headers: [['X-Empty', '']] },
    event: { headers: { 'X-Empty': '' }, multiValueHeaders: { 'X-Empty': [''] } },
  },
  {
    name: '__proto__ is a name like any other',
    source: DECISION,
    request: { target: '/x?__proto__=a&constructor=b', headers: [['X-Constructor', 'c']] },
    event: { queryStringParameters: JSON.parse('{"__proto__":"a","constructor":"b"}') as object },
  },
  {
    name: 'a header that an earlier policy removed or changed',
    source: DECISION,
    request: {
      headers: [
        ['X-Gone', '1'],
        ['X-Changed', 'old'],
      ],
    },
    before: [script('headers', { set: { 'x-changed': 7, 'X-Added': true }, remove: ['x-gone'] })],
    event: { headers: { 'X-Changed': '7', 'X-Added': 'true' }, multiValueHeaders: { 'X-Changed': ['7'] } },
    headersAbsent: ['x-gone'],
  },
  {
    name: 'a forged eg-consumer-id does not arrive',
    source: DECISION,
    request: { headers: [['eg-consumer-id', 'admin']] },
    absent: ['requestContext.authorizer'],
    headersAbsent: ['eg-consumer-id'],
  },
];

const TEXTUAL = ['text/plain', 'text/html; charset=utf-8', 'application/json', 'application/xml', 'text/xml'].concat([
  'application/javascript',
  'application/x-www-form-urlencoded',
  'application/problem+json',
  'image/svg+xml',
]);

const bodies: readonly EventRow[] = [
  ...[undefined, ...TEXTUAL].map((type) => ({
    name: `text: ${type ?? 'no type'}`,
    source: type === 'application/json' ? `${MINISTACK}, ${LS}` : DECISION,
    request: post(type, 'grüße'),
    event: text,
  })),
  {
    name: 'base64: a type that is not textual',
    source: DECISION,
    request: post('application/octet-stream', 'grüße'),
    event: base64,
  },
  {
    name: 'base64: text that is not UTF-8',
    source: DECISION,
    request: post('text/plain', BYTES),
    event: { body: BYTES.toString('base64'), isBase64Encoded: true },
  },
  {
    name: 'base64: Content-Encoding',
    source: DECISION,
    request: {
      ...post('text/plain', 'grüße'),
      headers: [
        ['Content-Type', 'text/plain'],
        ['Content-Encoding', 'br'],
      ],
    },
    event: base64,
  },
  ...[
    ['application/octet-stream', 'application/octet-stream'],
    ['image/*', 'image/png'],
    ['*/*', 'text/plain'],
    ['application/json', 'application/json; charset=utf-8'],
  ].map(([range, type]) => ({
    name: `base64: ${type!} by binaryMediaTypes ${range!}`,
    source: range === '*/*' ? DOTNET : MINISTACK,
    request: post(type, 'grüße'),
    settings: { binaryMediaTypes: [range] },
    event: base64,
  })),
  {
    name: 'text: a type that binaryMediaTypes does not list',
    source: MINISTACK,
    request: post('application/json', '{"x":1}'),
    settings: { binaryMediaTypes: ['application/octet-stream', 'image/*'] },
    event: { body: '{"x":1}', isBase64Encoded: false },
  },
];

const USER = { type: 'user', id: 'u1', username: 'ann', email: 'ann@example.com', authorizedScopes: ['r', 'w'] };

const callers: readonly EventRow[] = [
  {
    name: 'a user that the gateway knows',
    source: `shape of a Lambda authorizer: ${POWERTOOLS}`,
    request: { headers: [['eg-consumer-id', 'admin']] },
    before: [script('user', { value: { ...USER, password: 'secret', token: { id: 'secret' } } })],
    event: {
      requestContext: {
        authorizer: {
          principalId: 'u1',
          type: 'user',
          username: 'ann',
          email: 'ann@example.com',
          scopes: 'r w',
          integrationLatency: 0,
        },
      },
    },
    absent: ['requestContext.authorizer.password', 'requestContext.authorizer.token'],
    headersAbsent: ['eg-consumer-id'],
  },
  {
    name: 'an application',
    source: DECISION,
    before: [script('user', { value: { type: 'application', id: 'a1', userId: 'u1', name: 'shop' } })],
    event: { requestContext: { authorizer: { principalId: 'a1', userId: 'u1', name: 'shop' } } },
  },
  {
    name: 'claims of a token: strings, lists as [a b], nulls left out',
    source: 'powertools-lambda-typescript apigw-http/jwt.json and floci (recorded for HTTP APIs)',
    before: [script('user', { value: { sub: 's1', exp: 1700000000, admin: true, aud: ['a', 'b'], none: null } })],
    event: {
      requestContext: {
        authorizer: { principalId: 's1', claims: { sub: 's1', exp: '1700000000', admin: 'true', aud: '[a b]' } },
      },
    },
    absent: ['requestContext.authorizer.claims.none', 'requestContext.authorizer.integrationLatency'],
  },
];

const rows = [...envelope, ...paths, ...queries, ...headers, ...bodies, ...callers];

describe('event of format 1.0', () => {
  testEvents(rows, { payloadFormatVersion: '1.0' });
});

describe('event of format 1.0 behind a trusted proxy', () => {
  const forwarded: EventRow[] = [
    {
      name: 'sourceIp, protocol and port are those the proxy tells',
      source: DECISION,
      request: {
        headers: [
          ['X-Forwarded-For', '192.0.2.1'],
          ['X-Forwarded-Proto', 'https'],
          ['X-Forwarded-Port', '8443'],
        ],
      },
      event: {
        headers: {
          'X-Forwarded-For': '192.0.2.1, 127.0.0.1',
          'X-Forwarded-Proto': 'https',
          'X-Forwarded-Port': '8443',
        },
        requestContext: { identity: { sourceIp: '192.0.2.1' } },
      },
    },
  ];
  testEvents(forwarded, { payloadFormatVersion: '1.0' }, { trustProxy: true });
});
