import http from 'node:http';
import { catalogue, type ErrorCode, type ErrorDialect } from '../../src/errors/catalogue';
import { unusedPort, type LambdaScript } from '../support/lambda-endpoint';
import { type Stack, startStack } from '../support/stack';

/** How a failure is provoked and what comes of it, for REST wording (format 1.0) and for HTTP wording (2.0). */
interface FailureRow {
  readonly code: ErrorCode;
  readonly script?: LambdaScript;
  /** Route of the request, without the format's suffix. */
  readonly route?: string;
  readonly body?: Buffer;
  /** Where only one wording can fail in this way. */
  readonly dialects?: readonly ErrorDialect[];
  readonly status: readonly [rest: number, http: number];
  readonly message: readonly [rest: string, http: string];
  /** What the log must tell the operator beside the code. */
  readonly cause: RegExp;
}

const SERVER_ERROR = ['Internal server error', 'Internal Server Error'] as const;
const UNAVAILABLE = ['Service Unavailable', 'Service Unavailable'] as const;

function apiError(name: string, status: number): LambdaScript {
  return { apiError: { name, status, message: `secret arn:aws:lambda:eu-central-1:111122223333:function:x ${name}` } };
}

const rows: Readonly<Record<string, FailureRow>> = {
  'the function threw': {
    code: 'FUNCTION_ERROR',
    script: { result: { errorType: 'Error', errorMessage: 'secret', trace: ['secret'] }, functionError: 'Unhandled' },
    status: [500, 500],
    message: SERVER_ERROR,
    cause: /\(Unhandled\).*Error: secret/,
  },
  'the function reported a handled error': {
    code: 'FUNCTION_ERROR',
    script: { result: { errorType: 'Mine', errorMessage: 'secret' }, functionError: 'Handled' },
    status: [500, 500],
    message: SERVER_ERROR,
    cause: /\(Handled\).*Mine: secret/,
  },
  'the function failed with a payload that is no JSON': {
    code: 'FUNCTION_ERROR',
    script: { payload: 'secret', functionError: 'Unhandled' },
    status: [500, 500],
    message: SERVER_ERROR,
    cause: /\(Unhandled\): secret/,
  },
  'the result is not JSON': {
    code: 'MALFORMED_RESULT',
    script: { payload: '{"statusCode":200,' },
    status: [502, 500],
    message: SERVER_ERROR,
    cause: /not JSON/,
  },
  'the result has no valid status': {
    code: 'MALFORMED_RESULT',
    script: { result: { statusCode: 0 } },
    status: [502, 500],
    message: SERVER_ERROR,
    cause: /statusCode/,
  },
  'the payload is empty': {
    code: 'MALFORMED_RESULT',
    script: { payload: '' },
    status: [502, 500],
    message: SERVER_ERROR,
    cause: /not JSON/,
  },
  'there is no such function': {
    code: 'FUNCTION_NOT_FOUND',
    script: apiError('ResourceNotFoundException', 404),
    status: [500, 500],
    message: SERVER_ERROR,
    cause: /ResourceNotFoundException/,
  },
  'the gateway may not invoke it': {
    code: 'ACCESS_DENIED',
    script: apiError('AccessDeniedException', 403),
    status: [500, 500],
    message: SERVER_ERROR,
    cause: /AccessDeniedException/,
  },
  'Lambda refuses the request': {
    code: 'INVOKE_REFUSED',
    script: apiError('InvalidParameterValueException', 400),
    status: [500, 500],
    message: SERVER_ERROR,
    cause: /InvalidParameterValueException/,
  },
  'Lambda itself fails': {
    code: 'INVOKE_REFUSED',
    script: apiError('ServiceException', 500),
    status: [500, 500],
    message: SERVER_ERROR,
    cause: /ServiceException/,
  },
  'Lambda throttles': {
    code: 'THROTTLED',
    script: {
      apiError: {
        name: 'TooManyRequestsException',
        status: 429,
        fields: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
      },
    },
    status: [503, 503],
    message: UNAVAILABLE,
    cause: /TooManyRequestsException/,
  },
  'Lambda finds the event too large': {
    code: 'REQUEST_TOO_LARGE',
    script: apiError('RequestEntityTooLargeException', 413),
    status: [413, 413],
    message: ['Request Too Long', 'Request Entity Too Large'],
    cause: /RequestEntityTooLargeException/,
  },
  'the body is larger than Lambda takes': {
    code: 'REQUEST_TOO_LARGE',
    body: Buffer.alloc(6_291_457, 'a'),
    status: [413, 413],
    message: ['Request Too Long', 'Request Entity Too Large'],
    cause: /6291456 bytes/,
  },
  'the body fits, the event does not': {
    code: 'REQUEST_TOO_LARGE',
    body: Buffer.alloc(5_000_000, 0xff),
    status: [413, 413],
    message: ['Request Too Long', 'Request Entity Too Large'],
    cause: /Lambda takes 6291456/,
  },
  'a queued event is larger than 1 MB': {
    code: 'REQUEST_TOO_LARGE',
    route: 'event',
    body: Buffer.alloc(1_048_577, 'a'),
    status: [413, 413],
    message: ['Request Too Long', 'Request Entity Too Large'],
    cause: /1048576 bytes/,
  },
  'the connection is refused': {
    code: 'UPSTREAM_UNAVAILABLE',
    route: 'refused',
    status: [500, 500],
    message: SERVER_ERROR,
    cause: /ECONNREFUSED/,
  },
  'the connection is reset': {
    code: 'UPSTREAM_UNAVAILABLE',
    script: { fault: 'reset-after-request' },
    status: [500, 500],
    message: SERVER_ERROR,
    cause: /no complete answer/,
  },
  'the connection closes without an answer': {
    code: 'UPSTREAM_UNAVAILABLE',
    script: { fault: 'closed' },
    status: [500, 500],
    message: SERVER_ERROR,
    cause: /no complete answer/,
  },
  'the answer is cut': {
    code: 'UPSTREAM_UNAVAILABLE',
    script: { fault: 'truncated' },
    status: [500, 500],
    message: SERVER_ERROR,
    cause: /no complete answer/,
  },
  'the answer is reset half-way': {
    code: 'UPSTREAM_UNAVAILABLE',
    script: { fault: 'reset-mid-answer' },
    status: [500, 500],
    message: SERVER_ERROR,
    cause: /no complete answer/,
  },
  'the answer is not HTTP': {
    code: 'UPSTREAM_UNAVAILABLE',
    script: { fault: 'garbage' },
    status: [500, 500],
    message: SERVER_ERROR,
    cause: /no complete answer/,
  },
  'a proxy in between answers with a page': {
    code: 'UPSTREAM_UNAVAILABLE',
    script: { http: { status: 502, headers: { 'Content-Type': 'text/html' }, body: '<h1>secret</h1>' } },
    status: [500, 500],
    message: SERVER_ERROR,
    cause: /no complete answer/,
  },
  'nothing comes in time': {
    code: 'TIMEOUT',
    script: { fault: 'hang' },
    route: 'hurried',
    status: [504, 504],
    message: ['Endpoint request timed out', 'Endpoint request timed out'],
    cause: /300 ms/,
  },
  'an earlier policy left an event that is no JSON': {
    code: 'INTERNAL',
    route: 'circular',
    dialects: ['rest'], // format 2.0 has no place for egContext.lambda
    status: [500, 500],
    message: SERVER_ERROR,
    cause: /egContext.lambda/,
  },
  'an earlier policy consumed the body': {
    code: 'INTERNAL',
    route: 'consumed',
    body: Buffer.from('gone'),
    status: [500, 500],
    message: SERVER_ERROR,
    cause: /consumed the request body/,
  },
};

/** Codes that have a test file of their own, because the client sees no answer or another test has to provoke them. */
const ELSEWHERE: readonly ErrorCode[] = [
  'CLIENT_CLOSED',
  'BODY_UNREADABLE',
  'PATH_REFUSED',
  'CREDENTIALS',
  'CONFIGURATION',
  'OVERLOADED',
];

let stack: Stack;

beforeAll(async () => {
  const refused = `http://127.0.0.1:${await unusedPort()}`;
  const routes = {
    plain: {},
    event: { action: { invocationType: 'Event' } },
    refused: { action: { endpoint: refused } },
    hurried: { action: { timeout: 300 } },
    circular: { before: [{ 'test-script': { action: { behaviour: 'circular-context' } } }] },
    consumed: { before: [{ 'test-script': { action: { behaviour: 'consume-body' } } }] },
  };
  const inFormat = (suffix: string, version: string) =>
    Object.entries(routes).map(([name, route]) => [
      `${name}-${suffix}`,
      { ...route, action: { ...('action' in route ? route.action : {}), payloadFormatVersion: version } },
    ]);
  stack = await startStack(Object.fromEntries([...inFormat('rest', '1.0'), ...inFormat('http', '2.0')]));
});
beforeEach(() => {
  stack.lambda.reset();
});
afterAll(() => stack.close());

test('every failure of the catalogue is provoked', () => {
  const provoked = new Set([...Object.values(rows).map(({ code }) => code), ...ELSEWHERE]);
  expect(Object.keys(catalogue).filter((code) => !provoked.has(code as ErrorCode))).toEqual([]);
});

describe.each(Object.entries(rows))('%s', (_name, row) => {
  test.each(row.dialects ?? (['rest', 'http'] as const))('%s', async (dialect) => {
    const index = dialect === 'rest' ? 0 : 1;
    if (row.script) stack.lambda.respondWith(row.script);
    const logged = stack.gateway.log.length;

    const response = await stack.request({
      method: row.body ? 'POST' : 'GET',
      target: `/${row.route ?? 'plain'}-${dialect}`,
      ...(row.body && { headers: [['Content-Type', 'text/plain']], body: row.body }),
    });

    const text = JSON.stringify(row.message[index]);
    expect(response.statusCode).toBe(row.status[index]);
    expect(response.body.toString()).toBe(dialect === 'rest' ? `{"message": ${text}}` : `{"message":${text}}`);
    expect(response.all('content-type')).toEqual(['application/json']);
    expect(response.all('retry-after')).toEqual(response.statusCode === 503 ? ['1'] : []);
    expect(response.all('x-amzn-errortype')).toEqual(
      dialect === 'rest' && response.statusCode >= 500 ? ['InternalServerErrorException'] : [],
    );
    expect(JSON.stringify(response.headers)).not.toMatch(/secret|arn:aws|111122223333/);

    const lines = stack.gateway.log.slice(logged);
    expect(lines).toHaveLength(1);
    const [requestId] = response.all('x-amzn-requestid');
    expect(lines[0]).toContain(`lambda-proxy ${row.code} status=${response.statusCode} `);
    expect(lines[0]).toContain(`requestId="${requestId ?? ''}"`);
    expect(lines[0]).toMatch(row.cause);
    expect(lines[0]).toMatch(/function="[a-z]+-(?:rest|http)" qualifier="" .*attempts=\d phase="[a-z]+" ms=\d+/);
    expect(stack.lambda.invocations.length).toBeLessThanOrEqual(1);
  });
});

test('the gateway serves on after all of that', async () => {
  expect((await stack.request({ target: '/plain-rest' })).statusCode).toBe(200);
});

test('a declared length that is too large is refused before the body is there', async () => {
  const response = await stack.request({
    method: 'POST',
    target: '/plain-rest',
    headers: [['Content-Length', '99999999']],
    body: 'only the beginning',
    contentLength: false,
  });
  expect(response.statusCode).toBe(413);
  expect(stack.lambda.invocations).toHaveLength(0);
});

test('a chunked body that grows too large is refused while it comes', async () => {
  const chunk = `${(1_000_000).toString(16)}\r\n${'a'.repeat(1_000_000)}\r\n`;
  const response = await stack.request({
    method: 'POST',
    target: '/plain-rest',
    headers: [['Transfer-Encoding', 'chunked']],
    body: chunk.repeat(7),
    contentLength: false,
  });
  expect(response.statusCode).toBe(413);
  expect(stack.lambda.invocations).toHaveLength(0);
});

test('after a refused upload the same connection takes the next request', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const send = (body: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const request = http.request(`${stack.gateway.url}/plain-rest`, { method: 'POST', agent }, (response) => {
        response.resume().once('end', () => {
          resolve(response.statusCode);
        });
      });
      request.once('error', reject).end(body);
    });
  expect(await send('a'.repeat(7_000_000))).toBe(413);
  expect(await send('small')).toBe(200);
  agent.destroy();
});

test('a line break in an error message cannot forge a line of the log', async () => {
  stack.lambda.respondWith({
    result: { errorType: 'E', errorMessage: 'first\n[EG:gateway] error: forged' },
    functionError: 'Unhandled',
  });
  const logged = stack.gateway.log.length;
  await stack.request({ target: '/plain-rest' });
  expect(stack.gateway.log.slice(logged)).toEqual([expect.stringContaining('first\\n[EG:gateway] error: forged')]);
});
