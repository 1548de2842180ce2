import { definitions, type OptionName } from '../../src/options/definitions';
import type { LambdaScriptSource, RecordedInvocation } from '../support/lambda-endpoint';
import type { RawResponse } from '../support/raw-client';
import { type Stack, startStack } from '../support/stack';

/** What one request showed of a setting: what reached Lambda, what the client got, what was logged. */
interface Observation {
  readonly invocation: RecordedInvocation | undefined;
  readonly response: RawResponse;
  readonly log: string;
}

/** Two values of a setting and what each of them visibly does. */
interface SettingCase<V = unknown> {
  readonly first: V;
  readonly second: V;
  /** Settings without which this one has no effect. */
  readonly together?: Record<string, unknown>;
  readonly script?: LambdaScriptSource;
  readonly request?: {
    readonly method?: string;
    readonly target?: string;
    readonly headers?: [string, string][];
    readonly body?: string;
  };
  /** A visible trace of the setting; must differ between the two values. */
  readonly observe: (seen: Observation) => unknown;
  readonly expected: readonly [first: unknown, second: unknown];
}

const cases = {
  functionName: {
    first: 'alpha',
    second: 'arn:aws:lambda:eu-central-1:123456789012:function:beta',
    observe: ({ invocation }) => invocation?.functionName,
    expected: ['alpha', 'arn:aws:lambda:eu-central-1:123456789012:function:beta'],
  },
  qualifier: {
    first: 'live',
    second: 7,
    observe: ({ invocation }) => invocation?.qualifier,
    expected: ['live', '7'],
  },
  ignorePath: {
    first: true,
    second: false,
    request: { target: '/case/a/b?c=1' },
    observe: ({ invocation }) => [invocation?.event.path, invocation?.event.queryStringParameters],
    expected: [
      ['/', { c: '1' }],
      ['/case/a/b', { c: '1' }],
    ],
  },
  stripPath: {
    first: true,
    second: false,
    request: { target: '/case/a%2Fb/c' },
    observe: ({ invocation }) => invocation?.event.path,
    expected: ['/a%2Fb/c', '/case/a%2Fb/c'],
  },
  invocationType: {
    first: 'Event',
    second: 'DryRun',
    script: { http: { status: 202 } },
    observe: ({ invocation, response }) => [
      invocation?.headers['x-amz-invocation-type'],
      response.statusCode,
      response.body.length,
      response.all('content-type'),
      response.all('x-amzn-requestid').length,
    ],
    expected: [
      ['Event', 202, 0, [], 1],
      ['DryRun', 204, 0, [], 1],
    ],
  },
  logType: {
    first: 'Tail',
    second: 'None',
    script: { result: { body: 'x' }, logResult: 'START\nwhat the function printed\nEND' },
    observe: ({ invocation, response, log }) => [
      invocation?.headers['x-amz-log-type'],
      invocation?.headers['x-amz-log-type'] === 'Tail' && log.includes('what the function printed'),
      JSON.stringify(response.headers).includes('printed'),
    ],
    expected: [
      ['Tail', true, false],
      ['None', false, false],
    ],
  },
  unhandledStatus: {
    first: 502,
    second: 599,
    script: { result: {}, functionError: 'Handled' },
    observe: ({ response }) => response.statusCode,
    expected: [502, 599],
  },
  useCustomIntegration: {
    first: true,
    second: false,
    script: { result: { statusCode: 201, body: 'inner' } },
    observe: ({ response, invocation }) => [
      response.statusCode,
      response.body.toString(),
      Object.keys(invocation?.event)[0],
    ],
    expected: [
      [200, '{"statusCode":201,"body":"inner"}', 'method'],
      [201, 'inner', 'resource'],
    ],
  },
  maxJSONParseLength: {
    first: 6,
    second: 7,
    script: { result: { body: '{"a":1}' } },
    observe: ({ response }) => response.all('content-type'),
    expected: [['text/plain; charset=utf-8'], ['application/json']],
  },
  payloadFormatVersion: {
    first: 2,
    second: 'legacy',
    observe: ({ invocation }) => [invocation?.event.version, invocation?.event.requestContext.resourcePath],
    expected: [
      ['2.0', undefined],
      [undefined, '/case'],
    ],
  },
  stage: {
    first: 'prod',
    second: 'dev',
    observe: ({ invocation }) => [invocation?.event.requestContext.stage, invocation?.event.requestContext.path],
    expected: [
      ['prod', '/prod/case'],
      ['dev', '/dev/case'],
    ],
  },
  stageVariables: {
    first: { table: 'orders', limit: 5 },
    second: { table: 'test-orders' },
    observe: ({ invocation }) => invocation?.event.stageVariables,
    expected: [{ table: 'orders', limit: '5' }, { table: 'test-orders' }],
  },
  binaryMediaTypes: {
    first: ['text/*'],
    second: ['image/png', 'application/json'],
    request: { method: 'POST', headers: [['Content-Type', 'text/plain']], body: 'hi' },
    observe: ({ invocation }) => [invocation?.event.body, invocation?.event.isBase64Encoded],
    expected: [
      ['aGk=', true],
      ['hi', false],
    ],
  },
  timeout: {
    first: 200,
    second: 60_000,
    script: ({ functionName }) =>
      functionName === 'one' ? { fault: 'hang' } : { result: { body: 'slow' }, delayMs: 600 },
    observe: ({ response }) => response.statusCode,
    expected: [504, 200],
  },
  invokeMode: {
    first: 'RESPONSE_STREAM',
    second: 'BUFFERED',
    observe: ({ invocation }) => invocation?.streaming,
    expected: [true, false],
  },
  streamIdleTimeout: {
    first: 200,
    second: 60_000,
    together: { invokeMode: 'RESPONSE_STREAM' },
    script: ({ functionName }) => ({
      stream: [
        { chunk: 'one' },
        functionName === 'one' ? { then: 'hang' } : { pauseMs: 700 },
        { chunk: 'two' },
        { complete: {} },
      ],
    }),
    observe: ({ response }) => [response.body.toString(), response.complete],
    expected: [
      ['one', false],
      ['onetwo', true],
    ],
  },
} as const satisfies Partial<Record<OptionName, SettingCase>>;

/** Settings of the connection to Lambda have tests of their own. One that stands nowhere does not compile. */
const testedElsewhere: Record<Exclude<OptionName, keyof typeof cases>, string> = {
  region: 'aws/settings.test.ts',
  endpoint: 'aws/settings.test.ts',
  profile: 'aws/credentials.test.ts',
  credentials: 'aws/credentials.test.ts',
  assumeRole: 'aws/assume-role.test.ts',
  connectTimeout: 'aws/network.test.ts',
  proxyUrl: 'aws/network.test.ts',
  caFile: 'aws/network.test.ts',
  sslVerify: 'aws/network.test.ts',
  maxAttempts: 'aws/executions.test.ts',
  maxConnections: 'aws/limits.test.ts',
  maxPending: 'aws/limits.test.ts',
  keepAliveTimeout: 'function-url/network.test.ts',
  functionUrl: 'function-url/settings.test.ts',
  authType: 'function-url/settings.test.ts',
  signing: 'function-url/settings.test.ts',
  forwardAuthorizationAs: 'function-url/settings.test.ts',
  apiKey: 'function-url/settings.test.ts',
};

const names = Object.keys(cases) as (keyof typeof cases)[];

/** The routes are named alike but for their last letter, so that every case can be written for one path. */
const REQUEST_PATH = '/case';

async function observe(stack: Stack, route: string, { script, request, observe: look }: SettingCase): Promise<unknown> {
  stack.lambda.reset();
  if (script) stack.lambda.respondWith(script);
  const logged = stack.gateway.log.length;
  const target = (request?.target ?? REQUEST_PATH).replace(REQUEST_PATH, `/${route}`);
  const response = await stack.request({ ...request, target });
  const seen = { invocation: stack.lambda.invocations[0], response, log: stack.gateway.log.slice(logged).join('\n') };
  return JSON.parse(JSON.stringify([look(seen)]).replaceAll(`/${route}`, REQUEST_PATH));
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify([value]));

test('every setting is tested, and for one thing only', () => {
  expect([...names, ...Object.keys(testedElsewhere)].sort()).toEqual(Object.keys(definitions).sort());
});

describe.each(names)('%s', (name) => {
  const setting: SettingCase = cases[name];
  const [first, second] = setting.expected;

  test('in the policy', async () => {
    const stack = await startStack({
      one: { action: { ...setting.together, [name]: setting.first } },
      two: { action: { ...setting.together, [name]: setting.second } },
    });
    expect(await observe(stack, 'one', setting)).toEqual(asJson(first));
    expect(await observe(stack, 'two', setting)).toEqual(asJson(second));
    await stack.close();
  });

  // A setting of the policy alone is refused at the plugin: configuration.test.ts.
  if (definitions[name].level !== 'both') return;

  test('at the plugin, where the policy overrides it', async () => {
    const stack = await startStack(
      { one: { action: { ...setting.together } }, two: { action: { ...setting.together, [name]: setting.second } } },
      { pluginSettings: { [name]: setting.first } },
    );
    expect(await observe(stack, 'one', setting)).toEqual(asJson(first));
    expect(await observe(stack, 'two', setting)).toEqual(asJson(second));
    await stack.close();
  });
});
