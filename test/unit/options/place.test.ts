import { placeOfAction } from '../../../src/options/place';

type Action = Readonly<Record<string, unknown>>;

const SHARED = { a: '1' };
const step = (functionName: string) => ({ action: { functionName } });

/** Pipelines as a configuration may have them: lists and single objects everywhere. */
const pipelines = {
  listed: {
    apiEndpoints: ['api'],
    policies: [
      { cors: null },
      { 'lambda-proxy': [step('listed-1'), { condition: { name: 'never' }, ...step('listed-2') }] },
      { proxy: [{ action: { functionName: 'not-ours' } }] },
      { 'lambda-proxy': [step('listed-3')] },
    ],
  },
  'single step': { policies: [{ 'lambda-proxy': step('single-step') }] },
  'single policy': { policies: { 'lambda-proxy': step('single-policy') } },
  nested: { policies: [{ 'lambda-proxy': [{ action: { functionName: 'nested', stageVariables: SHARED } }] }] },
  empty: { policies: [{ 'lambda-proxy': null }] },
  'odd "name"\n': { policies: [{ 'lambda-proxy': step('odd') }] },
  none: null,
  'no policies': { apiEndpoints: [] },
  'not policies': { policies: ['lambda-proxy', null, ['lambda-proxy']] },
};

const place = (action: Action, from: Readonly<Record<string, unknown>> = pipelines): string =>
  placeOfAction(action, { gatewayConfig: { pipelines: from } }, 'lambda-proxy');

const UNKNOWN = 'gateway.config.yml';

test.each<[action: Action, place: string]>([
  [{ functionName: 'listed-1' }, 'pipeline "listed", step 1'],
  [{ functionName: 'listed-2' }, 'pipeline "listed", step 2'],
  [{ functionName: 'listed-3' }, 'pipeline "listed", step 3'],
  [{ functionName: 'single-step' }, 'pipeline "single step", step 1'],
  [{ functionName: 'single-policy' }, 'pipeline "single policy", step 1'],
  [{ functionName: 'nested', stageVariables: SHARED }, 'pipeline "nested", step 1'],
  [{ functionName: 'odd' }, 'pipeline "odd \\"name\\"\\n", step 1'],
  [{}, 'pipeline "empty", step 1'],
  [{ functionName: 'not-ours' }, UNKNOWN],
  [{ functionName: 'nowhere' }, UNKNOWN],
  // More or less than the action is not the action.
  [{ functionName: 'listed-1', timeout: 100 }, UNKNOWN],
  [{ functionName: 'nested' }, UNKNOWN],
])('%p stands in %s', (action, expected) => {
  expect(place(action)).toBe(expected);
  // The host's copy has a function more.
  expect(place({ ...action, getCommonAuthCallback: () => undefined })).toBe(expected);
});

test.each([undefined, {}, { gatewayConfig: {} }, { gatewayConfig: { pipelines: {} } }])(
  'a configuration without pipelines says nothing: %p',
  (config) => {
    expect(placeOfAction({ functionName: 'f' }, config, 'lambda-proxy')).toBe(UNKNOWN);
  },
);

test('of two that are alike the first is named', () => {
  expect(place({ functionName: 'x' }, { a: { policies: { 'lambda-proxy': [step('y'), step('x'), step('x')] } } })).toBe(
    'pipeline "a", step 2',
  );
});
