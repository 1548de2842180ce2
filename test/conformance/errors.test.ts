import { setTimeout as sleep } from 'node:timers/promises';
import type { LambdaScript } from '../support/lambda-endpoint';
import { unusedPort } from '../support/lambda-endpoint';
import { buildRequest, RawClient } from '../support/raw-client';
import { expectAnswer } from './support/result-rows';
import { hostOf, startTable, type Row, type Table } from './support/table';

/**
 * What the client gets when something fails. Facts of API Gateway name their source; most answers are decisions of this
 * project, because REST and HTTP APIs do not agree.
 */
const GUIDE = 'Lambda guide, services-apigateway-errors';
const LS = 'localstack test_lambda_aws_proxy_response_format, crashed handlers (recorded)';
const DOTNET = 'aws-lambda-dotnet InvokeResponseExtensions (emulator)';
const DECISION = 'decision of this project';

type Format = '1.0' | '2.0' | 'legacy' | 'custom';

interface FailureRow extends Row {
  readonly format: Format;
  readonly status: number;
  readonly message: string;
  readonly retryAfter?: true;
  /** How often Lambda was asked; default once. */
  readonly invocations?: number | 'at most once';
}

const INTERNAL: Record<Format, string> = {
  '1.0': 'Internal server error',
  legacy: 'Internal server error',
  custom: 'Internal server error',
  '2.0': 'Internal Server Error',
};
const FORMATS = ['1.0', '2.0', 'legacy', 'custom'] as const;

const settingsOf = (format: Format): object =>
  format === 'custom' ? { useCustomIntegration: true } : { payloadFormatVersion: format };

/** The same failure in every format. */
const everywhere = (
  row: Omit<FailureRow, 'format' | 'message' | 'status'> & { readonly status?: number; readonly message?: string },
): FailureRow[] =>
  FORMATS.map((format) => ({ status: 500, message: INTERNAL[format], ...row, format, name: `${row.name}, ${format}` }));

const functionError = (functionError: 'Handled' | 'Unhandled', result: unknown): LambdaScript => ({
  result,
  functionError,
});
const BOOM = {
  errorType: 'Error',
  errorMessage: 'boom arn:aws:lambda:eu-west-1:123456789012:function:f',
  trace: ['at /var/task/index.js'],
};
const TIMED_OUT = { errorType: 'Sandbox.Timedout', errorMessage: 'Error: Task timed out after 1.00 seconds' };

const apiError = (name: string, status: number): LambdaScript => ({
  apiError: { name, status, message: 'User: arn:aws:iam::123456789012:user/x is not authorized' },
});

const failures: readonly FailureRow[] = [
  ...everywhere({
    name: 'function error, unhandled',
    source: `${GUIDE}, ${LS}; status: ${DECISION}`,
    lambda: functionError('Unhandled', BOOM),
  }),
  ...everywhere({
    name: 'function error, handled',
    source: `${GUIDE}; status: ${DECISION}`,
    lambda: functionError('Handled', BOOM),
  }),
  ...everywhere({
    name: 'function error, unhandledStatus 502 as REST APIs',
    source: `${GUIDE}, ${LS}`,
    settings: { unhandledStatus: 502 },
    status: 502,
    lambda: functionError('Unhandled', BOOM),
  }),
  ...everywhere({
    name: 'the function ran into its own timeout',
    source: `${GUIDE}; denoland/deno_registry2#87 for HTTP APIs (recorded)`,
    lambda: functionError('Unhandled', TIMED_OUT),
  }),
  ...everywhere({
    name: 'a function error that looks like a good result',
    source: DECISION,
    lambda: functionError('Unhandled', { statusCode: 200, body: 'x' }),
  }),
  ...everywhere({
    name: 'no permission',
    source: GUIDE,
    lambda: apiError('AccessDeniedException', 403),
  }),
  ...everywhere({
    name: 'no such function',
    source: GUIDE,
    lambda: apiError('ResourceNotFoundException', 404),
  }),
  ...everywhere({
    name: 'a call that Lambda does not understand',
    source: DECISION,
    lambda: apiError('InvalidRequestContentException', 400),
  }),
  ...everywhere({
    name: 'a failure of the service',
    source: DECISION,
    lambda: apiError('ServiceException', 500),
  }),
  ...everywhere({
    name: 'throttled',
    source: DECISION,
    status: 503,
    message: 'Service Unavailable',
    retryAfter: true,
    lambda: apiError('TooManyRequestsException', 429),
  }),
  ...everywhere({
    name: 'Lambda never answers',
    source: `azul#6284 (recorded for REST); HTTP API: ${DECISION}`,
    settings: { timeout: 150 },
    status: 504,
    message: 'Endpoint request timed out',
    lambda: { fault: 'hang' },
    // The time may be up before the call is on its way.
    invocations: 'at most once',
  }),
  ...(['reset-after-request', 'reset-mid-answer', 'truncated', 'closed', 'garbage'] as const).flatMap((fault) =>
    everywhere({ name: `the connection to Lambda: ${fault}`, source: DECISION, lambda: { fault } }),
  ),
  ...everywhere({
    name: 'a page of something in between',
    source: DECISION,
    lambda: { http: { status: 503, headers: { 'content-type': 'text/html' }, body: '<html>arn:aws</html>' } },
  }),
  ...FORMATS.map((format) => ({
    name: `an event larger than Lambda takes, said by Lambda, ${format}`,
    source: DOTNET,
    format,
    request: { method: 'POST', body: 'x' },
    status: 413,
    message: format === '2.0' ? 'Request Entity Too Large' : 'Request Too Long',
    lambda: apiError('RequestEntityTooLargeException', 413),
  })),
  ...FORMATS.map((format) => ({
    name: `a body that fits, an event that does not, ${format}`,
    source: DECISION,
    format,
    request: { method: 'POST', headers: [['Content-Type', 'image/png']] as const, body: Buffer.alloc(5_000_000) },
    status: 413,
    message: format === '2.0' ? 'Request Entity Too Large' : 'Request Too Long',
    invocations: 0,
  })),
];

/** With a space after the colon as REST APIs, without as HTTP APIs (recorded: 36 and 35 bytes). */
const body = (format: Format, message: string): string =>
  format === '2.0' ? `{"message":"${message}"}` : `{"message": "${message}"}`;

describe('failures', () => {
  let table: Table | undefined;
  const rows = failures.map((row) => ({ ...row, settings: { ...settingsOf(row.format), ...row.settings } }));
  beforeAll(async () => {
    table = await startTable(rows, {});
  });
  afterAll(async () => {
    await table?.close();
  });

  test.each(rows)('$name', async (row) => {
    const { response, invocations } = await table!.run(row);
    expectAnswer(response, {
      status: row.status,
      headers: {
        'content-type': ['application/json'],
        'x-amzn-errortype': row.format === '2.0' || row.status < 500 ? [] : ['InternalServerErrorException'],
        'x-amzn-trace-id': [],
        'retry-after': row.retryAfter ? [expect.stringMatching(/^\d+$/)] : [],
        'x-amzn-requestid': [expect.stringMatching(/^\w{20,}$/)],
      },
      body: body(row.format, row.message),
    });
    if (row.invocations === 'at most once') expect(invocations).toBeLessThanOrEqual(1);
    else expect(invocations).toBe(row.invocations ?? 1);
  });
});

describe('what never reaches the function', () => {
  let table: Table | undefined;
  let rows: Row[];
  beforeAll(async () => {
    const refused = `http://127.0.0.1:${await unusedPort()}`;
    rows = [
      { name: 'any', source: DECISION },
      { name: 'refused', source: DECISION, settings: { endpoint: refused } },
      { name: 'parameter', source: DECISION, endpoint: { paths: '/p/:id' } },
    ];
    table = await startTable(rows, { payloadFormatVersion: '1.0' });
  });
  afterAll(async () => {
    await table?.close();
  });

  test('Lambda refuses the connection: 500', async () => {
    const { response, invocations } = await table!.run(rows[1]!);
    expectAnswer(response, { status: 500, body: '{"message": "Internal server error"}' });
    expect(invocations).toBe(0);
  });

  test('a path parameter that cannot be decoded: 400 from the host', async () => {
    const { response, invocations } = await table!.run({ ...rows[2]!, request: { target: '/p/%E0%A4%A' } });
    expect({ status: response.statusCode, invocations }).toEqual({ status: 400, invocations: 0 });
  });

  test('a body that is announced too large: 413 before it is sent', async () => {
    const client = await RawClient.connect(table!.gateway);
    const headers: [string, string][] = [
      ['Host', hostOf(0)],
      ['Content-Length', '7000000'],
    ];
    await client.send(buildRequest({ method: 'POST', headers }));
    const response = await client.read();
    client.destroy();
    expectAnswer(response, { status: 413, body: '{"message": "Request Too Long"}' });
  });

  test('a body that breaks off: no invocation, and the gateway goes on', async () => {
    table!.lambda.reset();
    const headers: [string, string][] = [
      ['Host', hostOf(0)],
      ['Content-Length', '100'],
    ];
    const client = await RawClient.connect(table!.gateway);
    await client.send(buildRequest({ method: 'POST', headers, body: 'half' }));
    await sleep(20);
    client.destroy();
    await client.closed;
    const { response } = await table!.run(rows[0]!);
    expect({ status: response.statusCode, invocations: table!.lambda.invocations.length }).toEqual({
      status: 200,
      invocations: 1,
    });
  });

  test('broken chunking: 400', async () => {
    const request = {
      method: 'POST',
      headers: [['Transfer-Encoding', 'chunked']] as const,
      body: 'zz\r\nnot a chunk\r\n',
    };
    const { response, invocations } = await table!.run({ ...rows[0]!, request });
    expect({ status: response.statusCode, invocations }).toEqual({ status: 400, invocations: 0 });
  });
});

describe('invocations that nobody waits for', () => {
  const rows = (['1.0', '2.0'] as const).flatMap((format) =>
    (
      [
        ['Event', 202],
        ['DryRun', 204],
      ] as const
    ).map(([invocationType, status]) => ({
      name: `${invocationType}, ${format}: ${status}`,
      source: DECISION,
      status,
      settings: { payloadFormatVersion: format, invocationType },
      lambda: { http: { status } },
    })),
  );
  let table: Table | undefined;
  beforeAll(async () => {
    table = await startTable(rows, {});
  });
  afterAll(async () => {
    await table?.close();
  });

  test.each(rows)('$name', async (row) => {
    const { response, invocations } = await table!.run(row);
    const requestId = [expect.stringMatching(/^\w{20,}$/) as unknown as string];
    expectAnswer(response, { status: row.status, headers: { 'x-amzn-requestid': requestId }, body: '' });
    expect(invocations).toBe(1);
    expect(table!.lambda.last().headers['x-amz-invocation-type']).toBe(row.settings.invocationType);
  });
});
