import type { ApiEndpoint } from '../../host/express-gateway';
import type { ResolvedOptions } from '../../options/definitions';
import { policySteps } from '../../options/place';
import { readPluginSettings, resolveOptions } from '../../options/resolve';
import type { Arguments } from '../arguments';
import { findConfigFiles } from '../config-folder';
import { Host } from '../host';
import type { HostConfiguration } from '../host';
import { POLICY_NAME, pluginEntries } from '../plugin-entries';
import { UserError, checked } from '../user-error';

/** What is called: a function by itself, or through a policy of the gateway. */
export interface Target {
  /** In words. */
  readonly description: string;
  readonly options: ResolvedOptions;
  readonly endpoint: ApiEndpoint;
}

type Settings = Readonly<Record<string, unknown>>;

/**
 * Finds what a name means: an apiEndpoint or pipeline of the gateway around, or else a function.
 *
 * @param overrides settings of the command line
 * @throws UserError
 */
export function findTarget(name: string, overrides: Settings, args: Arguments): Target {
  const configDir = args.text('config-dir');
  const gateway = isFunctionForSure(name) ? undefined : readGateway(configDir);
  return (gateway && policyTarget(name, overrides, gateway)) ?? functionTarget(name, overrides);
}

/** An ARN, or a name with a prefix, an account or an alias: no name of an endpoint. */
function isFunctionForSure(name: string): boolean {
  return name.includes(':');
}

interface Gateway {
  readonly plugin: Settings;
  readonly gateway: HostConfiguration['gateway'];
}

/** A function can be called from anywhere; only a folder that was named must hold a gateway. */
function readGateway(configDir: string | undefined): Gateway | undefined {
  const files = attempt(() => findConfigFiles(configDir), configDir === undefined);
  if (!files) return undefined;
  const host = Host.find(files.folder);
  const { system, gateway } = host.read(files);
  return { plugin: pluginEntries(system, host).at(-1)?.settings ?? {}, gateway };
}

function attempt<T>(action: () => T, mayFail: boolean): T | undefined {
  try {
    return action();
  } catch (error) {
    if (mayFail && error instanceof UserError) return undefined;
    throw error;
  }
}

function policyTarget(name: string, overrides: Settings, { plugin, gateway }: Gateway): Target | undefined {
  const pipelines = (gateway.pipelines ?? {}) as Readonly<
    Record<string, { readonly apiEndpoints?: string | readonly string[] } | null>
  >;
  const endpointsOf = (pipeline: string): readonly string[] => asList(pipelines[pipeline]?.apiEndpoints);
  const steps = policySteps({ gatewayConfig: gateway }, POLICY_NAME);
  const step =
    steps.find(({ pipeline }) => endpointsOf(pipeline).includes(name)) ??
    steps.find(({ pipeline }) => pipeline === name);
  if (!step) return undefined;
  const endpointName =
    endpointsOf(step.pipeline).find((endpoint) => endpoint === name) ?? endpointsOf(step.pipeline)[0];
  const { action, place } = step;
  return {
    description: place,
    options: checked(() => resolveOptions(readPluginSettings(plugin), { ...action, ...overrides }, place)),
    endpoint: endpointOf(gateway, endpointName),
  };
}

function functionTarget(functionName: string, overrides: Settings): Target {
  return {
    description: `function ${functionName}`,
    options: checked(() => resolveOptions({}, { ...overrides, functionName }, 'the command line')),
    endpoint: {},
  };
}

/** An endpoint may be a list of them; the first one stands for all. */
function endpointOf(gateway: HostConfiguration['gateway'], name: string | undefined): ApiEndpoint {
  const endpoints = (gateway.apiEndpoints ?? {}) as Readonly<
    Record<string, ApiEndpoint | readonly ApiEndpoint[] | null>
  >;
  const [endpoint] = name === undefined ? [] : asList(endpoints[name]);
  return { ...(name !== undefined && { apiEndpointName: name }), ...endpoint };
}

function asList<T>(value: T | readonly T[] | null | undefined): readonly T[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
