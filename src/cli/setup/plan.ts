import { isDeepStrictEqual } from 'node:util';
import type { HostConfiguration } from '../host';
import { ownPackage } from '../package-info';
import type { PluginEntry } from '../plugin-entries';
import { POLICY_NAME } from '../plugin-entries';
import { UserError } from '../user-error';
import type { Addition } from './edit-yaml';
import type { RouteWish, Wishes } from './wishes';

/** Key of the plugin in system.config.yml. */
const PLUGIN_KEY = 'lambda';

/** What has to be added to the two files. */
export interface Plan {
  readonly system: readonly Addition[];
  readonly gateway: readonly Addition[];
}

/**
 * What a configuration lacks of the wishes. What is there is never changed.
 * @throws UserError where something else is there
 */
export function makePlan(wishes: Wishes, { system, gateway }: HostConfiguration, entry: PluginEntry | undefined): Plan {
  return {
    system: entry ? planSettings(wishes, entry) : [planPlugin(wishes, system)],
    gateway: [...planPolicy(gateway), ...(wishes.route ? planRoute(wishes.route, gateway) : [])],
  };
}

/** What a plugin that is not registered yet is to be registered as. */
export function packageName(wishes: Wishes): string {
  return wishes.package ?? ownPackage().name;
}

function planPlugin(wishes: Wishes, system: HostConfiguration['system']): Addition {
  if (Object.hasOwn(section(system, 'plugins'), PLUGIN_KEY)) {
    throw new UserError(
      `another plugin is named ${JSON.stringify(PLUGIN_KEY)} in system.config.yml; rename its key there`,
    );
  }
  const { region } = wishes;
  const value = { package: packageName(wishes), ...(region !== undefined && { region }) };
  return { path: ['plugins'], key: PLUGIN_KEY, value };
}

function planSettings(wishes: Wishes, { key, settings, package: name }: PluginEntry): readonly Addition[] {
  const { package: wished = name, region = settings.region } = wishes;
  if (wished !== name) throw differs(`plugins.${key}.package`, name);
  if (settings.region === region) return [];
  if (settings.region !== undefined) throw differs(`plugins.${key}.region`, settings.region);
  return [{ path: ['plugins', key], key: 'region', value: region }];
}

function differs(setting: string, value: unknown): UserError {
  return new UserError(`${setting} is ${JSON.stringify(value)} already; change it by hand`);
}

/** The host refuses a policy that is not listed. */
function planPolicy({ policies }: HostConfiguration['gateway']): readonly Addition[] {
  const isListed = Array.isArray(policies) && policies.includes(POLICY_NAME);
  return isListed ? [] : [{ path: ['policies'], value: POLICY_NAME }];
}

function planRoute(route: RouteWish, gateway: HostConfiguration['gateway']): readonly Addition[] {
  const { endpoint, paths, pipeline, action } = route;
  const pipelines = section(gateway, 'pipelines');
  refuseSecondPipeline(route, pipelines);
  return [
    ...planEntry('apiEndpoints', endpoint, { host: '*', paths }, section(gateway, 'apiEndpoints')),
    ...planEntry(
      'pipelines',
      pipeline,
      { apiEndpoints: [endpoint], policies: [{ [POLICY_NAME]: { action } }] },
      pipelines,
    ),
  ];
}

function planEntry(
  name: string,
  key: string,
  value: object,
  existing: Readonly<Record<string, unknown>>,
): readonly Addition[] {
  if (!Object.hasOwn(existing, key)) return [{ path: [name], key, value }];
  if (isDeepStrictEqual(existing[key], value)) return [];
  throw new UserError(`${name}.${key} is there already and differs; choose another name, or edit it by hand`);
}

/** Of two pipelines for one endpoint the host takes the last one, without a word (measured). */
function refuseSecondPipeline({ endpoint, pipeline }: RouteWish, pipelines: Readonly<Record<string, unknown>>): void {
  const other = Object.entries(pipelines).find(([name, definition]) => {
    const { apiEndpoints } = (definition ?? {}) as { readonly apiEndpoints?: unknown };
    return name !== pipeline && Array.isArray(apiEndpoints) && apiEndpoints.includes(endpoint);
  });
  if (other) throw new UserError(`apiEndpoint ${JSON.stringify(endpoint)} is served by pipelines.${other[0]} already`);
}

function section(config: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const value = config[name];
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
