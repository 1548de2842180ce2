import type { Gateway } from '../support/gateway';
import { GatewayBootError, startGateway } from '../support/gateway';
import { runGatewayProcess } from '../support/gateway-process';
import { rawRequest } from '../support/raw-client';
import { gatewayOptions, startStack } from '../support/stack';

/** What an operator gets wrong, and the line that says so. */
const wrongActions: readonly (readonly [name: string, action: Record<string, unknown>, message: RegExp])[] = [
  ['no functionName', { functionName: undefined }, /functionName is missing, expected: name, partial ARN or ARN/],
  ['an empty functionName', { functionName: '' }, /functionName is empty \(is its environment variable set\?\)/],
  ['an unset variable', { functionName: null }, /functionName is empty \(is its environment variable set\?\)/],
  ['an unset variable in quotes', { functionName: 'null' }, /functionName is empty/],
  [
    'an unset variable in an ARN',
    { functionName: 'arn:aws:lambda:null:1:function:f' },
    /functionName must not be "arn:aws:lambda:null/,
  ],
  ['an unset boolean', { ignorePath: null }, /ignorePath is empty .* expected: true · false/],
  ['an unset number', { timeout: null }, /timeout is empty .* expected: ms 50–900000/],
  ['a misspelt setting', { functonName: 'x' }, /unknown setting "functonName", did you mean functionName\?/],
  ['an unknown setting', { retries: 3 }, /unknown setting "retries"/],
  [
    'a setting of another system',
    { 'a-very-foreign-name': 3 },
    /unknown setting "a-very-foreign-name"; known are functionName, /,
  ],
  ['a word for a number', { timeout: 'soon' }, /timeout must not be "soon", expected: ms 50–900000/],
  ['a number that is too small', { timeout: 49 }, /timeout must not be 49/],
  ['a number that is no integer', { timeout: 99.5 }, /timeout must not be 99.5/],
  ['a word for a boolean', { stripPath: 'yes' }, /stripPath must not be "yes", expected: true · false/],
  [
    'a wrong name',
    { invocationType: 'event' },
    /invocationType must not be "event", expected: RequestResponse · Event · DryRun/,
  ],
  [
    'a format that does not exist',
    { payloadFormatVersion: '3.0' },
    /payloadFormatVersion must not be "3.0", expected: 1\.0 · 2\.0 · legacy/,
  ],
  ['a status that does not exist', { unhandledStatus: 600 }, /unhandledStatus must not be 600/],
  [
    'a list that is none',
    { binaryMediaTypes: 'image/*' },
    /binaryMediaTypes must not be "image\/\*", expected: list of media ranges/,
  ],
  ['a map that is none', { stageVariables: ['a'] }, /stageVariables must not be \["a"\]/],
  [
    'two settings that exclude each other',
    { ignorePath: true, stripPath: true },
    /ignorePath and stripPath exclude each other/,
  ],
  [
    'a format for a custom integration',
    { useCustomIntegration: true, payloadFormatVersion: '2.0' },
    /useCustomIntegration and payloadFormatVersion exclude each other/,
  ],
  [
    'a stream of an answer that nobody waits for',
    { invokeMode: 'RESPONSE_STREAM', invocationType: 'Event' },
    /invokeMode and invocationType exclude each other/,
  ],
  [
    'an endpoint that is no URL',
    { endpoint: 'localhost:4566' },
    /endpoint is not such a URL, expected: http or https URL/,
  ],
  ['a broken endpoint', { endpoint: 'http://[oops' }, /endpoint is not such a URL/],
  ['a name that no function has', { functionName: 'a:b:c:d' }, /functionName must not be "a:b:c:d"/],
  [
    'two upstreams',
    { functionUrl: 'https://api.example.com' },
    /functionUrl and functionName exclude each other: a request goes to one of them/,
  ],
  [
    'a URL with a password',
    { functionName: undefined, functionUrl: 'https://ann:password@api.example.com' },
    /functionUrl is not such a URL/,
  ],
  [
    'a placeholder, which no request fills in',
    { functionName: undefined, functionUrl: 'https://{stage}.example.com/' },
    /functionUrl is not such a URL, expected: http or https URL without user, fragment and placeholders/,
  ],
  [
    'a signature for nobody knows what',
    { functionName: undefined, functionUrl: 'https://api.example.com', authType: 'AWS_IAM' },
    /signing is missing, expected: \{service, region\}; the host name of functionUrl does not tell it/,
  ],
  [
    "a URL's setting for the Lambda API",
    { authType: 'AWS_IAM' },
    /functionName and authType exclude each other: it is for requests to a functionUrl/,
  ],
  ['two qualifiers', { functionName: 'f:2', qualifier: '1' }, /functionName and qualifier exclude each other/],
];

test.each(wrongActions)('%s stops the boot', async (_name, action, message) => {
  const boot = startGateway(gatewayOptions({ good: {}, bad: { action } }));
  const error = await boot.then(
    () => new Error('the gateway booted'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GatewayBootError);
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).toMatch(/lambda-proxy policy in pipeline "bad", step 1/);
});

test('all faults of an action are named at once', async () => {
  const boot = startGateway(gatewayOptions({ bad: { action: { timeout: 'x', logType: 'y', functonName: 'z' } } }));
  await expect(boot).rejects.toThrow(/timeout must.*logType must.*functonName/);
});

test.each([
  [{ timeout: 1 }, /timeout must not be 1, expected: ms 50–900000/],
  [{ timeOut: 100 }, /unknown setting "timeOut", did you mean timeout\?/],
  [{ functionName: 'x' }, /functionName belongs into the action of a lambda-proxy policy/],
])('wrong plugin settings stop the boot: %p', async (pluginSettings, message) => {
  const boot = startGateway({ ...gatewayOptions({ good: {} }), pluginSettings });
  await expect(boot).rejects.toThrow(message);
});

test('the process ends with one line that says what is wrong', async () => {
  const { code, stdout, stderr } = await runGatewayProcess(gatewayOptions({ bad: { action: { timeout: 'soon' } } }));
  expect(code).toBe(1);
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.includes('timeout must not be "soon"'));
  expect(lines).toHaveLength(1);
});

test('an unset variable in the file itself, quoted or not, stops the boot', async () => {
  for (const text of ['${NOT_SET_ANYWHERE}', '"${NOT_SET_ANYWHERE}"']) {
    const options = gatewayOptions({ bad: { action: { functionName: 'PLACE' } } });
    const boot = startGateway({ ...options, gatewayText: (yaml) => yaml.replace('"PLACE"', text) });
    await expect(boot).rejects.toThrow(/functionName is empty \(is its environment variable set\?\)/);
  }
});

describe('on hot reload', () => {
  const answer = async (gateway: Gateway, target: string) => (await rawRequest(gateway, { target })).statusCode;

  test('a wrong action is refused with the same line, and the old pipelines serve on', async () => {
    const stack = await startStack({ a: {} });
    const logged = stack.gateway.log.length;
    expect(await stack.gateway.reload(gatewayOptions({ a: { action: { timeout: 'soon' } } }))).toBe('refused');
    expect(stack.gateway.log.slice(logged).join('\n')).toMatch(/pipeline "a", step 1: timeout must not be "soon"/);
    expect(await answer(stack.gateway, '/a')).toBe(200);
    expect(await stack.gateway.reload(gatewayOptions({ a: {}, b: {} }))).toBe('completed');
    expect(await answer(stack.gateway, '/b')).toBe(200);
    await stack.close();
  });

  test('wrong plugin settings leave the old ones in place and are logged', async () => {
    const stack = await startStack({ a: {} }, { pluginSettings: { stage: 'before' } });
    await stack.gateway.reload({ pluginSettings: { stage: 'after', timeout: 1 } });
    expect(stack.gateway.log.join('\n')).toMatch(/timeout must not be 1, expected: ms 50–900000/);
    await stack.request({ target: '/a' });
    expect(stack.lambda.last().event.requestContext.stage).toBe('before');
    await stack.close();
  });

  test('new settings, at both levels, are used', async () => {
    const stack = await startStack({ a: {} }, { pluginSettings: { stage: 'one' } });
    await stack.gateway.reload({
      pluginSettings: { stage: 'two' },
      ...gatewayOptions({ a: { action: { functionName: 'other' } } }),
    });
    await stack.request({ target: '/a' });
    expect(stack.lambda.last().functionName).toBe('other');
    expect(stack.lambda.last().event.requestContext.stage).toBe('two');
    await stack.close();
  });

  test('requests on their way end on the old pipelines', async () => {
    const stack = await startStack({ a: {} });
    let go: () => void = () => undefined;
    stack.lambda.respondWith({ result: { body: 'late' }, when: new Promise<void>((resolve) => (go = resolve)) });
    const pending = stack.request({ target: '/a' });
    await stack.lambda.waitFor(1);
    expect(await stack.gateway.reload(gatewayOptions({ b: {} }))).toBe('completed');
    go();
    expect((await pending).body.toString()).toBe('late');
    expect(stack.lambda.invocations).toHaveLength(1);
    await stack.close();
  });
});
