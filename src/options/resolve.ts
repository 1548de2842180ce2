import { closest, distance } from 'fastest-levenshtein';
import { signingScopeOf } from '../aws/signing-scope';
import { ConfigurationError } from '../errors/configuration-error';
import { contradictions } from './contradictions';
import type { LambdaProxyOptions, OptionName, ResolvedOptions } from './definitions';
import { definitions, optionRows } from './definitions';
import type { Kind } from './kinds';
import { EMPTY, isEmpty } from './kinds';

/** Keys that the host itself adds: the plugin's package name, and a callback copied into every policy's parameters. */
const HOST_KEYS = { plugin: 'package', policy: 'getCommonAuthCallback' } as const;

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
  const problems = [...faults, ...contradictions(options, all), ...missing(options, all, faults)];
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

/** What only shows when all is there. A setting that is wrong is told as that. */
function missing(own: LambdaProxyOptions, all: ResolvedOptions, faults: readonly string[]): readonly string[] {
  if (faults.some((fault) => /^(?:functionName|functionUrl|signing|authType) /.test(fault))) return [];
  if (own.functionUrl === undefined) {
    const { expected } = definitions.functionName.kind;
    return own.functionName === undefined
      ? [`functionName is missing, expected: ${expected}; or functionUrl in its place`]
      : [];
  }
  const isKnown = all.authType === 'NONE' || (all.signing ?? signingScopeOf(own.functionUrl)) !== undefined;
  const { expected } = definitions.signing.kind;
  return isKnown ? [] : [`signing is missing, expected: ${expected}; the host name of functionUrl does not tell it`];
}
