import type { LambdaProxyOptions, OptionName, ResolvedOptions } from './definitions';

interface Contradiction {
  readonly settings: readonly [OptionName, OptionName];
  readonly why: string;
  /** @param own the action's settings alone @param all with the plugin's and the defaults */
  applies(own: LambdaProxyOptions, all: ResolvedOptions): boolean;
}

/** `name:alias`, or an ARN that goes on after the name. */
const QUALIFIED_NAME = /^(?:.*:function:)?[^:]+:[^:]+$/;

const CONTRADICTIONS: readonly Contradiction[] = [
  {
    settings: ['ignorePath', 'stripPath'],
    why: 'one leaves nothing of the path for the other',
    applies: (_own, all) => all.ignorePath && all.stripPath,
  },
  {
    settings: ['functionName', 'qualifier'],
    why: 'the name has a version or alias already',
    applies: (own) => own.qualifier !== undefined && QUALIFIED_NAME.test(own.functionName ?? ''),
  },
  {
    settings: ['useCustomIntegration', 'payloadFormatVersion'],
    why: 'a custom integration has an event of its own',
    applies: (own) => own.useCustomIntegration === true && own.payloadFormatVersion !== undefined,
  },
  {
    settings: ['invokeMode', 'invocationType'],
    why: 'a queued event has no answer to stream',
    applies: (_own, all) => all.invokeMode === 'RESPONSE_STREAM' && all.invocationType === 'Event',
  },
  ...together('functionUrl', ['functionName'], 'a request goes to one of them'),
  ...together(
    'functionUrl',
    [
      'qualifier',
      'invocationType',
      'logType',
      'unhandledStatus',
      'useCustomIntegration',
      'maxJSONParseLength',
      'payloadFormatVersion',
      'stage',
      'stageVariables',
      'binaryMediaTypes',
      'invokeMode',
      'endpoint',
    ],
    'it is for calls of the Lambda API',
  ),
  ...together(
    'functionName',
    ['authType', 'signing', 'forwardAuthorizationAs', 'apiKey'],
    'it is for requests to a functionUrl',
  ),
  ...(['signing', 'forwardAuthorizationAs'] as const).map((name): Contradiction => ({
    settings: [name, 'authType'],
    why: 'with NONE nothing is signed',
    applies: (own, all) => own.functionUrl !== undefined && own[name] !== undefined && all.authType === 'NONE',
  })),
];

/** Settings that one action cannot have beside another one. At the plugin they are for those actions that can. */
function together(one: OptionName, others: readonly OptionName[], why: string): readonly Contradiction[] {
  return others.map((other) => ({
    settings: [one, other],
    why,
    applies: (own) => own[one] !== undefined && own[other] !== undefined,
  }));
}

/**
 * What cannot be meant together, in words.
 *
 * @param own the action's settings alone
 * @param all with the plugin's and the defaults
 */
export function contradictions(own: LambdaProxyOptions, all: ResolvedOptions): readonly string[] {
  return CONTRADICTIONS.filter((contradiction) => contradiction.applies(own, all)).map(
    ({ settings: [a, b], why }) => `${a} and ${b} exclude each other: ${why}`,
  );
}
