import { closest, distance } from 'fastest-levenshtein';
import type { LambdaProxyOptions, OptionName, ResolvedOptions } from './definitions';
import { REQUIRED, definitions, optionRows } from './definitions';

/** Keys that the host itself adds: the plugin's package name, and a callback copied into every policy's parameters. */
const HOST_KEYS: ReadonlySet<string> = new Set(['package', 'getCommonAuthCallback']);

/** Settings that exclude each other within one action. */
const CONTRADICTIONS: readonly (readonly [OptionName, OptionName, why: string])[] = [
  ['ignorePath', 'stripPath', 'one leaves nothing of the path for the other'],
  ['useCustomIntegration', 'payloadFormatVersion', 'a custom integration has an event of its own'],
];

/** A configuration that the gateway must not start with. The message lists every fault, in one line. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

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
  const problems = [...faults, ...contradictions(options), ...missing(options, faults)];
  if (problems.length > 0) throw new ConfigurationError(`lambda-proxy policy in ${place}: ${problems.join('; ')}`);
  const defaults = Object.fromEntries(optionRows.map(([name, definition]) => [name, definition.default]));
  return Object.freeze({ ...defaults, ...pluginSettings, ...options }) as unknown as ResolvedOptions;
}

interface ReadOptions {
  readonly options: LambdaProxyOptions;
  readonly faults: readonly string[];
}

function readOptions(settings: Readonly<Record<string, unknown>>, level: 'plugin' | 'policy'): ReadOptions {
  const options: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const [name, value] of Object.entries(settings)) {
    if (HOST_KEYS.has(name) || value === undefined) continue;
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

/** Names that differ in more letters than this are not offered as what was meant. */
const MAX_TYPOS = 4;

function unknownName(name: string, level: 'plugin' | 'policy'): string {
  const names = optionRows.filter(([, { level: at }]) => level === 'policy' || at === 'both').map(([option]) => option);
  const nearest = closest(name, names);
  const hint = distance(name, nearest) <= MAX_TYPOS ? `, did you mean ${nearest}?` : `; known are ${names.join(', ')}`;
  return `unknown setting ${JSON.stringify(name)}${hint}`;
}

/** The host turns an unset `${VAR}` into null, or into the text `null` where it is quoted. */
function wrongValue(name: OptionName, value: unknown): string {
  const { expected } = definitions[name].kind;
  const isEmpty = value === null || value === '' || value === 'null';
  const found = isEmpty ? 'is empty (is its environment variable set?)' : `must not be ${JSON.stringify(value)}`;
  return `${name} ${found}, expected: ${expected.replaceAll('`', '')}`;
}

function contradictions(options: LambdaProxyOptions): readonly string[] {
  return CONTRADICTIONS.filter(([a, b]) => isGiven(options[a]) && isGiven(options[b])).map(
    ([a, b, why]) => `${a} and ${b} exclude each other: ${why}`,
  );
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false;
}

function missing(options: LambdaProxyOptions, faults: readonly string[]): readonly string[] {
  return optionRows
    .filter(([name, definition]) => definition.default === REQUIRED && options[name] === undefined)
    .filter(([name]) => !faults.some((fault) => fault.startsWith(`${name} `)))
    .map(([name, { kind }]) => `${name} is missing, expected: ${kind.expected}`);
}
