import { ConfigurationError } from '../../../src/errors/configuration-error';
import type { LambdaProxyOptions } from '../../../src/options/definitions';
import { definitions, optionRows } from '../../../src/options/definitions';
import { readPluginSettings, resolveOptions } from '../../../src/options/resolve';

type Settings = Readonly<Record<string, unknown>>;

const resolve = (action: Settings, plugin: LambdaProxyOptions = {}) =>
  resolveOptions(plugin, { functionName: 'f', ...action }, 'PLACE');

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  return 'nothing was thrown';
}

test('what is not given has its default', () => {
  const defaults = optionRows.filter(([, row]) => row.default !== undefined).map(([name, row]) => [name, row.default]);
  expect(resolve({})).toEqual({ functionName: 'f', ...Object.fromEntries(defaults) });
  expect(resolve({})).toMatchObject({ timeout: 29_000, payloadFormatVersion: '1.0', maxAttempts: 1 });
});

test.each<[action: Settings, plugin: LambdaProxyOptions, resolved: Settings]>([
  [{}, {}, { timeout: 29_000, stage: '$default' }],
  [{}, { timeout: 200 }, { timeout: 200, stage: '$default' }],
  [{ timeout: 300 }, {}, { timeout: 300 }],
  [{ timeout: 300 }, { timeout: 200, stage: 'live' }, { timeout: 300, stage: 'live' }],
  // What would be nothing elsewhere is a value here.
  [{ useCustomIntegration: false }, { useCustomIntegration: true }, { useCustomIntegration: false }],
  [{ maxPending: 0 }, { maxPending: 5 }, { maxPending: 0 }],
  [{ binaryMediaTypes: [] }, { binaryMediaTypes: ['*/*'] }, { binaryMediaTypes: [] }],
  [{ stageVariables: {} }, { stageVariables: { a: '1' } }, { stageVariables: {} }],
  // A setting is overridden as a whole.
  [{ stageVariables: { b: '2' } }, { stageVariables: { a: '1' } }, { stageVariables: { b: '2' } }],
  [{ timeout: undefined }, { timeout: 200 }, { timeout: 200 }],
  [{ timeout: undefined }, {}, { timeout: 29_000 }],
  // A custom integration that all policies have by default, and one that has a format.
  [{ payloadFormatVersion: '2.0' }, { useCustomIntegration: true }, { payloadFormatVersion: '2.0' }],
])('%p over %p', (action, plugin, resolved) => {
  expect(resolve(action, plugin)).toMatchObject(resolved);
});

test('values are read, not copied', () => {
  const action = { payloadFormatVersion: 2, timeout: '100', stripPath: 'true', stageVariables: { a: 1 }, qualifier: 7 };
  expect(resolve(action)).toMatchObject({
    payloadFormatVersion: '2.0',
    timeout: 100,
    stripPath: true,
    stageVariables: { a: '1' },
    qualifier: '7',
  });
});

test('the result cannot be changed, and nothing given is', () => {
  const [action, plugin] = [Object.freeze({ timeout: '100' }), Object.freeze({ stage: 'live' })];
  const resolved = resolve(action, plugin);
  expect(Object.isFrozen(resolved)).toBe(true);
  expect(resolved).not.toBe(resolve(action, plugin));
});

test('what the host adds itself is no setting', () => {
  expect(resolve({ getCommonAuthCallback: () => undefined })).not.toHaveProperty('getCommonAuthCallback');
  expect(readPluginSettings({ package: 'express-gateway-plugin-lambda', timeout: 100 })).toEqual({ timeout: 100 });
});

const MISSING = 'functionName is missing, expected: name, partial ARN or ARN; or functionUrl in its place';
const URL = 'https://api.example.com/prod';

test.each<[action: Settings, faults: readonly string[]]>([
  [{}, [MISSING]],
  [
    { functionName: null },
    ['functionName is empty (is its environment variable set?), expected: name, partial ARN or ARN'],
  ],
  [
    { functionName: '' },
    ['functionName is empty (is its environment variable set?), expected: name, partial ARN or ARN'],
  ],
  [{ functionName: 'a b' }, ['functionName must not be "a b", expected: name, partial ARN or ARN']],
  [{ functionName: 'arn:null:x' }, ['functionName must not be "arn:null:x", expected: name, partial ARN or ARN']],
  [{ functionName: 'f', stripPath: 'on' }, ['stripPath must not be "on", expected: true · false']],
  [
    { functionName: 'f', ignorePath: true, stripPath: true },
    ['ignorePath and stripPath exclude each other: one leaves nothing of the path for the other'],
  ],
  [
    { functionName: 'f', useCustomIntegration: 'true', payloadFormatVersion: 1 },
    ['useCustomIntegration and payloadFormatVersion exclude each other: a custom integration has an event of its own'],
  ],
  [{ functonName: 'f' }, ['unknown setting "functonName", did you mean functionName?', MISSING]],
  [
    { timeout: 1, logtype: 'Tail', functionName: 'f' },
    ['timeout must not be 1, expected: ms 50–900000', 'unknown setting "logtype", did you mean logType?'],
  ],
  [
    { functionName: 'f', functionUrl: URL },
    ['functionUrl and functionName exclude each other: a request goes to one of them'],
  ],
  [
    { functionUrl: 'https://ann:hidden@api.example.com' },
    ['functionUrl is not such a URL, expected: http or https URL without user, fragment and placeholders'],
  ],
  [
    { functionUrl: '' },
    [
      'functionUrl is empty (is its environment variable set?), expected: http or https URL without user, fragment and placeholders',
    ],
  ],
  [
    { functionUrl: URL, invocationType: 'Event', stage: 'prod' },
    [
      'functionUrl and invocationType exclude each other: it is for calls of the Lambda API',
      'functionUrl and stage exclude each other: it is for calls of the Lambda API',
    ],
  ],
  [
    { functionName: 'f', authType: 'AWS_IAM', apiKey: 'k' },
    [
      'functionName and authType exclude each other: it is for requests to a functionUrl',
      'functionName and apiKey exclude each other: it is for requests to a functionUrl',
    ],
  ],
  [
    { functionUrl: URL, signing: { service: 'lambda', region: 'eu-west-1' } },
    ['signing and authType exclude each other: with NONE nothing is signed'],
  ],
  [
    { functionUrl: URL, forwardAuthorizationAs: 'X-Authorization' },
    ['forwardAuthorizationAs and authType exclude each other: with NONE nothing is signed'],
  ],
  [
    { functionUrl: URL, authType: 'AWS_IAM' },
    ['signing is missing, expected: {service, region}; the host name of functionUrl does not tell it'],
  ],
])('%p is refused, every fault named with its place', (action, faults) => {
  expect(messageOf(() => resolveOptions({}, action, 'PLACE'))).toBe(
    `lambda-proxy policy in PLACE: ${faults.join('; ')}`,
  );
});

test.each<[action: Settings]>([
  [{ ignorePath: true, stripPath: false }],
  [{ ignorePath: 'false', stripPath: true }],
  [{ useCustomIntegration: false, payloadFormatVersion: '2.0' }],
])('%p is no contradiction', (action) => {
  expect(resolve(action)).toMatchObject({ functionName: 'f' });
});

test.each<[action: Settings, plugin: LambdaProxyOptions]>([
  [{}, { invocationType: 'Event', stage: 'prod', endpoint: 'http://localhost:9001' }],
  [{ ignorePath: true, region: 'eu-west-1', timeout: 100, apiKey: 'k' }, {}],
  [{ authType: 'AWS_IAM', signing: { service: 'execute-api', region: 'eu-west-1' } }, {}],
  [{ authType: 'AWS_IAM' }, { signing: { service: 'execute-api', region: 'eu-west-1' } }],
  [{ functionUrl: 'https://abc.lambda-url.eu-west-1.on.aws/' }, { authType: 'AWS_IAM' }],
  [{ authType: 'NONE' }, { authType: 'AWS_IAM', signing: { service: 'lambda', region: 'eu-west-1' } }],
])('a functionUrl with %p over %p is no contradiction', (action, plugin) => {
  const resolved = resolveOptions(plugin, { functionUrl: URL, ...action }, 'PLACE');
  expect(resolved.functionName).toBeUndefined();
});

test.each([
  ['Timeout', 'timeout'],
  ['timeOut', 'timeout'],
  ['qualifer', 'qualifier'],
  ['payloadFormat', undefined],
  ['maxConnection', 'maxConnections'],
  ['sslVerfy', 'sslVerify'],
  ['somethingElseAltogether', undefined],
  ['toString', undefined],
  ['__proto__', undefined],
])('the unknown setting %p: did you mean %p?', (name, nearest) => {
  const action: Settings = JSON.parse(`{"functionName":"f",${JSON.stringify(name)}:1}`);
  const message = messageOf(() => resolveOptions({}, action, 'PLACE'));
  const hint = nearest === undefined ? '; known are functionName, ' : `, did you mean ${nearest}?`;
  expect(message).toContain(`unknown setting ${JSON.stringify(name)}${hint}`);
});

describe('plugin settings', () => {
  test('are read without defaults', () => {
    expect(readPluginSettings({})).toEqual({});
    expect(readPluginSettings({ timeout: '100', stage: undefined })).toEqual({ timeout: 100 });
  });

  test.each(optionRows.filter(([, { level }]) => level === 'policy').map(([name]) => name))(
    '%s belongs to a policy, right or wrong',
    (name) => {
      for (const value of ['x', null]) {
        expect(messageOf(() => readPluginSettings({ [name]: value }))).toBe(
          `plugin settings of express-gateway-plugin-lambda: ${name} belongs into the action of a lambda-proxy policy in gateway.config.yml`,
        );
      }
    },
  );

  test('the nearest name is one that may stand there', () => {
    expect(messageOf(() => readPluginSettings({ functionNam: 'f' }))).toContain('unknown setting "functionNam"; known');
    expect(messageOf(() => readPluginSettings({ functionNam: 'f' }))).not.toContain('functionName');
  });

  test('every fault is named', () => {
    expect(messageOf(() => readPluginSettings({ timeout: 1, maxAttempts: 11 }))).toBe(
      'plugin settings of express-gateway-plugin-lambda: timeout must not be 1, expected: ms 50–900000; maxAttempts must not be 11, expected: attempts 1–10',
    );
  });
});

test.each([
  ['credentials', { accessKeyId: 'id', secretAccessKey: 'hidden', sessionTokn: 'hidden' }],
  ['credentials', 'hidden'],
  ['proxyUrl', 'ftp://ann:hidden@proxy'],
  ['assumeRole', { roleArn: 'hidden' }],
  ['apiKey', 'hidden key'],
  ['functionUrl', 'https://ann:hidden@api.example.com'],
])('no value of %s stands in a message: %p', (name, value) => {
  const message = messageOf(() => resolve({ [name]: value }));
  expect(message).toContain(`lambda-proxy policy in PLACE: ${name} `);
  expect(message).not.toContain('hidden');
});

test('the settings are those that are documented, each at its level', () => {
  const byLevel = (level: string) => optionRows.filter(([, row]) => row.level === level).map(([name]) => name);
  expect(byLevel('policy')).toEqual(['functionName', 'qualifier', 'functionUrl', 'ignorePath', 'stripPath']);
  expect(byLevel('both')).toHaveLength(Object.keys(definitions).length - 5);
});
