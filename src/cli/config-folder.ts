import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from './user-error';

/** The two files of a gateway, as the host finds them: YAML, and JSON where there is none. */
export interface ConfigFiles {
  readonly folder: string;
  readonly system: string;
  readonly gateway: string;
}

/**
 * Finds a gateway's configuration: in the folder that was named, or below and in the working folder, or where
 * `EG_CONFIG_DIR` points, which is the host's own variable.
 *
 * @throws UserError
 */
export function findConfigFiles(named: string | undefined): ConfigFiles {
  const candidates = named === undefined ? ['config', '.', process.env.EG_CONFIG_DIR ?? ''] : [named];
  const folders = candidates.filter((folder) => folder !== '').map((folder) => path.resolve(folder));
  for (const folder of folders) {
    const [system, gateway] = [findFile(folder, 'system.config'), findFile(folder, 'gateway.config')];
    if (system !== undefined && gateway !== undefined) return { folder, system, gateway };
  }
  const places = folders.join(', ');
  throw new UserError(`no system.config.yml and gateway.config.yml in ${places}; name the folder with --config-dir`);
}

function findFile(folder: string, name: string): string | undefined {
  return ['.yml', '.json'].map((extension) => path.join(folder, name + extension)).find((file) => existsSync(file));
}
