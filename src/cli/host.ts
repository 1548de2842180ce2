import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ConfigFiles } from './config-folder';
import { UserError } from './user-error';

type UnknownRecord = Readonly<Record<string, unknown>>;

/** A gateway's configuration as the host has it: variables replaced, checked by its schemas. */
export interface HostConfiguration {
  readonly system: UnknownRecord;
  readonly gateway: UnknownRecord;
}

/** The host's `lib/config/config.js`, as far as it is used here. Making one connects to nothing and watches nothing. */
interface HostConfig {
  systemConfigPath?: string;
  gatewayConfigPath?: string;
  systemConfig?: UnknownRecord;
  gatewayConfig?: UnknownRecord;
  loadModels(): void;
  loadConfig(type: 'system' | 'gateway'): void;
}

/** The Express Gateway that a project has. Its own code reads the configuration: no rule of it is repeated here. */
export class Host {
  readonly #require: NodeJS.Require;

  private constructor(
    readonly folder: string,
    /** Folder of the project, where the host looks for plugins that it does not find beside itself. */
    private readonly project: string,
  ) {
    this.#require = createRequire(path.join(folder, 'lib', 'plugins.js'));
    // It would write its own lines between ours; what it throws says as much.
    const loggers = Object.values(this.#require('./logger') as Record<string, { silent?: boolean }>);
    for (const logger of loggers) logger.silent = true;
  }

  /**
   * @param configFolder the project is around it, or is the working folder
   * @throws UserError
   */
  static find(configFolder: string): Host {
    const project = [path.dirname(configFolder), process.cwd()].find(hasPackage) ?? process.cwd();
    for (const from of [configFolder, process.cwd(), __dirname]) {
      const main = resolveFrom(from, 'express-gateway');
      if (main !== undefined) return new Host(path.resolve(path.dirname(main), '..'), project);
    }
    throw new UserError(`express-gateway is not installed around ${configFolder}; run npm install there`);
  }

  /**
   * Reads the files as the host does when it starts.
   * @throws UserError with the host's own words
   */
  read(files: ConfigFiles): HostConfiguration {
    // The host looks for models, and for nothing else that matters here, below this variable.
    process.env.EG_CONFIG_DIR = files.folder;
    const Config = this.#require('./config/config') as new () => HostConfig;
    const config = new Config();
    config.systemConfigPath = files.system;
    config.gatewayConfigPath = files.gateway;
    attempt(path.join(files.folder, 'models'), () => {
      config.loadModels();
    });
    for (const type of ['system', 'gateway'] as const) {
      attempt(files[type], () => {
        config.loadConfig(type);
      });
    }
    return { system: config.systemConfig ?? {}, gateway: config.gatewayConfig ?? {} };
  }

  /** Where the host would load a plugin's package from, or undefined. */
  resolvePlugin(name: string): string | undefined {
    try {
      return this.#require.resolve(name);
    } catch {
      return resolveFrom(this.project, name);
    }
  }
}

function hasPackage(folder: string): boolean {
  return existsSync(path.join(folder, 'package.json'));
}

function resolveFrom(folder: string, name: string): string | undefined {
  try {
    return createRequire(path.join(folder, 'from-here.js')).resolve(name);
  } catch {
    return undefined;
  }
}

function attempt(what: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    // A YAML error shows the lines around it, which may hold secrets.
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new UserError(`${what} cannot be read: ${line}`);
  }
}
