import { closest, distance } from 'fastest-levenshtein';
import { ConfigurationError } from '../errors/configuration-error';
import type { LambdaProxyOptions, OptionName, ResolvedOptions } from './definitions';
import { REQUIRED, definitions, optionRows } from './definitions';
import type { Kind } from './kinds';
import { EMPTY, isEmpty } from './kinds';

/** Keys that the host itself adds: the plugin's package name, and a callback copied into every policy's parameters. */
const HOST_KEYS = { plugin: 'package', policy: 'getCommonAuthCallback' } as const;

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
];

/**
 * Reads the plugin's settings of `system.config.yml`.
 * @throws ConfigurationError
 */
export function readPluginSettings(settings: Readonly<Record<string, unknown>>): LambdaProxyOptions {
  const { options, faults } = readOptions(settings, 'plugin');
  if (faults.length > 0)
    throw new ConfigurationError(`plugin settings of express-gateway-plugin-lambda: ${faults.join('; ')}`);
  return options;
}

/**
 * Merges a policy's action over the plugin's settings over the defaults, setting by setting.
 *
 * @param place where the action stands, for the message
 * @throws ConfigurationError
 */
export function resolveOptions(
  pluginSettings: LambdaProxyOptions,
  action: Readonly<Record<string, unknown>>,
  place: string,
): ResolvedOptions {
  const { options, faults } = readOptions(action, 'policy');
  const defaults = Object.fromEntries(optionRows.map(([name, definition]) => [name, definition.default]));
  const all = Object.freeze({ ...defaults, ...pluginSettings, ...options }) as unknown as ResolvedOptions;
  const problems = [...faults, ...contradictions(options, all), ...missing(options, faults)];
  if (problems.length > 0) throw new ConfigurationError(`lambda-proxy policy in ${place}: ${problems.join('; ')}`);
  return all;
}

interface ReadOptions {
  readonly options: LambdaProxyOptions;
  readonly faults: readonly string[];
}

function readOptions(settings: Readonly<Record<string, unknown>>, level: 'plugin' | 'policy'): ReadOptions {
  const options: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, value] of Object.entries(settings)) {
    if (name === HOST_KEYS[level] || value === undefined) continue;
    const fault = isOption(name) ? misplaced(name, level) : unknownName(name, level);
    if (fault !== undefined) faults.push(fault);
    else if (isOption(name)) {
      options[name] = definitions[name].kind.read(value);
      if (options[name] === undefined) faults.push(wrongValue(name, value));
    }
  }
  return { options, faults };
}

function isOption(name: string): name is OptionName {
  return Object.hasOwn(definitions, name);
}

function misplaced(name: OptionName, level: 'plugin' | 'policy'): string | undefined {
  if (level === 'policy' || definitions[name].level === 'both') return undefined;
  return `${name} belongs into the action of a lambda-proxy policy in gateway.config.yml`;
}

/** Names that differ in more letters than this, or in half of them, are not offered as what was meant. */
const MAX_TYPOS = 4;

function unknownName(name: string, level: 'plugin' | 'policy'): string {
  const names = optionRows.filter(([, { level: at }]) => level === 'policy' || at === 'both').map(([option]) => option);
  const nearest = closest(name, names);
  const hint =
    distance(name, nearest) <= Math.min(MAX_TYPOS, name.length / 2)
      ? `, did you mean ${nearest}?`
      : `; known are ${names.join(', ')}`;
  return `unknown setting ${JSON.stringify(name)}${hint}`;
}

function wrongValue(name: OptionName, value: unknown): string {
  const kind: Kind<unknown> = definitions[name].kind;
  const found = kind.fault?.(value) ?? (isEmpty(value) ? EMPTY : `must not be ${JSON.stringify(value)}`);
  return `${name} ${found}, expected: ${kind.expected.replaceAll('`', '')}`;
}

function contradictions(own: LambdaProxyOptions, all: ResolvedOptions): readonly string[] {
  return CONTRADICTIONS.filter((contradiction) => contradiction.applies(own, all)).map(
    ({ settings: [a, b], why }) => `${a} and ${b} exclude each other: ${why}`,
  );
}

function missing(options: LambdaProxyOptions, faults: readonly string[]): readonly string[] {
  return optionRows
    .filter(([name, definition]) => definition.default === REQUIRED && options[name] === undefined)
    .filter(([name]) => !faults.some((fault) => fault.startsWith(`${name} `)))
    .map(([name, { kind }]) => `${name} is missing, expected: ${kind.expected}`);
}
