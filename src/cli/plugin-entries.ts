import type { Host } from './host';
import { ownPackage, packageOf } from './package-info';

export const POLICY_NAME = 'lambda-proxy';

const PREFIX = 'express-gateway-plugin-';

/** One entry under `plugins` of system.config.yml that means this package. */
export interface PluginEntry {
  readonly key: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** What the host requires. */
  readonly package: string;
  /** Where it would find it, or undefined. */
  readonly file: string | undefined;
}

/** This plugin's entries, by the host's own rule for names: `package`, or the key with the prefix. */
export function pluginEntries(system: Readonly<Record<string, unknown>>, host: Host): readonly PluginEntry[] {
  const own = ownPackage().name;
  return Object.entries((system.plugins ?? {}) as Readonly<Record<string, unknown>>)
    .map(([key, value]) => {
      const settings = (value ?? {}) as PluginEntry['settings'];
      const { package: given } = settings;
      const fromKey = key.startsWith(PREFIX) ? key : PREFIX + key;
      const name = typeof given === 'string' && given !== '' ? given : fromKey;
      return { key, settings, package: name, file: host.resolvePlugin(name) };
    })
    .filter((entry) => entry.package === own || (entry.file !== undefined && packageOf(entry.file)?.name === own));
}
