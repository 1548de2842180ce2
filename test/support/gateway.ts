import type { EventEmitter } from 'node:events';
import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type GatewayOptions, ROOT, writeConfigDir, writeGatewayConfig, writeSystemConfig } from './gateway-config';
import './core-errors';
import { captureWinston } from './gateway-log';
import { IsolatedModules } from './isolated-modules';

export type { GatewayOptions } from './gateway-config';

/** What a hot reload came to: the new configuration serves, or the old one goes on. */
export type ReloadOutcome = 'completed' | 'refused';

/** Settings of the boot that no configuration file has. */
export interface BootOptions {
  /**
   * Let EG watch its files (about two seconds per reload), so that `reload()` or any write into `configDir` goes the
   * operator's way. Otherwise `reload()` makes the two calls that the watcher would make.
   */
  watch?: boolean;
}

/** A running Express Gateway. */
export interface Gateway {
  readonly url: string;
  readonly port: number;
  readonly adminUrl: string;
  /** What the gateway logged, one line each, without colours and time stamps. */
  readonly log: readonly string[];
  readonly configDir: string;
  /** EG's event bus, for events that plugins listen to. */
  readonly eventBus: EventEmitter;
  /** The HTTP server behind `url`. */
  readonly server: Server;
  /**
   * Writes the changed files and waits until EG has taken or refused them. Rejects where the gateway's process would
   * have ended (an error inside EG's own `hot-reload` listener).
   */
  reload(change: Partial<GatewayOptions>): Promise<ReloadOutcome>;
  /** Waits for the reload that a test started by itself, by writing a file or through the admin API (needs `watch`). */
  nextReload(): Promise<ReloadOutcome>;
  close(): Promise<void>;
}

/** The gateway did not come up; its message ends with what was logged. */
export class GatewayBootError extends Error {
  override readonly name = 'GatewayBootError';

  constructor(
    override readonly cause: unknown,
    readonly log: readonly string[],
  ) {
    super([cause instanceof Error ? cause.message : String(cause), ...log].join('\n  '));
  }
}

const PLUGIN = path.join(ROOT, 'manifest.ts');
const RELOAD_DEADLINE_MS = 60_000;

type ConfigType = 'system' | 'gateway';

/** EG's configuration singleton, as far as this file uses it. */
interface EgConfig {
  loadConfig(type: ConfigType): void;
  watch(): void;
  watcher?: { close(): Promise<void>; once(event: 'ready', listener: () => void): void };
}

/** Boots a real Express Gateway inside the Jest process; rejects with `GatewayBootError` where EG would exit. */
export async function startGateway(options: GatewayOptions & BootOptions): Promise<Gateway> {
  const instance = new Instance(options, setEnvironment(options.env ?? {}));
  try {
    await instance.boot();
  } catch (error) {
    await instance.close();
    throw new GatewayBootError(error, instance.log);
  }
  return instance;
}

class Instance implements Gateway {
  readonly log: string[] = [];
  readonly configDir: string;
  /** Kept, because a closed server does not know its port any more. */
  port = 0;
  #adminPort = 0;
  readonly #modules: IsolatedModules;
  readonly #servers: Server[] = [];
  #options: GatewayOptions & BootOptions;
  #config: EgConfig | undefined;
  #reloads: Reloads | undefined;
  #exitListeners: NodeJS.ExitListener[] = [];
  #running: Promise<unknown> | undefined;
  #adminReady: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(
    options: GatewayOptions & BootOptions,
    private readonly restoreEnvironment: () => void,
  ) {
    this.#options = options;
    this.configDir = writeConfigDir(options, PLUGIN);
    this.#modules = new IsolatedModules(
      path.dirname(require.resolve('express-gateway')),
      {
        winston: (winston) => captureWinston(winston, this.log),
        // The real one hides why a plugin could not be loaded and cannot work without Node's `module.parent`.
        'parent-require': () => (id: string) => {
          throw new Error(`Cannot find module '${id}' from parent`);
        },
      },
      (file, error) => this.log.push(`[harness] ${file} failed to load: ${stackOf(error)}`),
    );
  }

  get server(): Server {
    return this.#servers[0]!;
  }

  get url(): string {
    return `http://${this.#options.hostname === '::' ? '[::1]' : '127.0.0.1'}:${this.port}`;
  }

  get adminUrl(): string {
    return `http://127.0.0.1:${this.#adminPort}`;
  }

  get eventBus(): EventEmitter {
    return this.#load('./eventBus') as EventEmitter;
  }

  async boot(): Promise<void> {
    // Listening comes one at a time: of a boot that fails later the other server has to be closed.
    this.#adminReady = new Promise((resolve) => {
      this.eventBus.on('http-ready', ({ httpServer }: { httpServer: Server }) => (this.#servers[0] = httpServer));
      this.eventBus.on('admin-ready', ({ adminServer }: { adminServer: Server }) => {
        this.#servers[1] = adminServer;
        resolve();
      });
    });
    // Third-party singletons (passport's strategies, ioredis-mock's data) belong to one gateway as well.
    const exitListeners = process.listeners('exit');
    jest.isolateModules(() => {
      this.#running = this.#run();
      this.#config = this.#load('./config') as EgConfig;
    });
    this.#exitListeners = process.listeners('exit').filter((listener) => !exitListeners.includes(listener));
    // EG asks for its watcher one turn later; a variable of the process would speak for all gateways.
    if (this.#options.watch !== true) {
      this.#config!.watch = () => undefined;
    }
    await this.#running;
    [this.port, this.#adminPort] = [portOf(this.#servers[0]!), portOf(this.#servers[1]!)];
    await watching(this.#config!);
    this.#reloads = new Reloads(this.eventBus, this.#config!, this.log);
  }

  /** Everything EG reads from the variable it reads before `run` returns. */
  #run(): Promise<unknown> {
    const createGateway = this.#load('./index') as () => { load(dir: string): { run(): Promise<unknown> } };
    const restore = setEnvironment({ EG_CONFIG_DIR: this.configDir });
    try {
      return createGateway().load(this.configDir).run();
    } finally {
      restore();
    }
  }

  #load(request: string): unknown {
    return this.#modules.require(request, require.resolve('express-gateway'));
  }

  async reload(change: Partial<GatewayOptions>): Promise<ReloadOutcome> {
    const types = changedFiles(change);
    this.#options = { ...this.#options, ...change };
    let outcome: ReloadOutcome = 'completed';
    // While only the first of two files is known EG may well refuse; the last word counts.
    for (const type of types) {
      const next = this.#reloads!.next(type);
      this.#write(type);
      if (this.#options.watch !== true) {
        this.#reloads!.start(type);
      }
      outcome = await next;
    }
    return outcome;
  }

  nextReload(): Promise<ReloadOutcome> {
    return this.#reloads!.next();
  }

  #write(type: ConfigType): void {
    if (type === 'system') {
      writeSystemConfig(this.configDir, this.#options, PLUGIN);
    } else {
      writeGatewayConfig(this.configDir, this.#options);
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#config?.watcher?.close();
    if (this.#running !== undefined) {
      // After a refused boot the admin server is about to listen nevertheless.
      await this.#adminReady;
    }
    await Promise.all(Object.values(this.#servers).map(closeServer));
    // Libraries register one per copy that is loaded, and Node warns from the eleventh on.
    this.#exitListeners.forEach((listener) => process.off('exit', listener));
    rmSync(this.configDir, { recursive: true, force: true });
    this.restoreEnvironment();
  }
}

/** Follows EG's hot reloads, which tell nobody when they are through. */
class Reloads {
  #waiting: ((outcome: Promise<ReloadOutcome>, type: ConfigType) => void)[] = [];

  constructor(
    private readonly eventBus: EventEmitter,
    private readonly config: EgConfig,
    private readonly log: readonly string[],
  ) {
    this.#followListeners();
    this.#followRefusals();
  }

  /** Does what EG's file watcher does for a changed file. */
  start(type: ConfigType): void {
    try {
      this.config.loadConfig(type);
    } catch {
      return; // EG writes this to its debug log and goes on; `#followRefusals` has seen it.
    }
    this.eventBus.emit('hot-reload', { type, config: this.config });
  }

  /** Waits for the end of the next reload (of that file). */
  next(type?: ConfigType): Promise<ReloadOutcome> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        reject(new Error(`No hot reload within ${RELOAD_DEADLINE_MS} ms`));
      }, RELOAD_DEADLINE_MS);
      this.#waiting.push((outcome, which) => {
        if (type === undefined || type === which) {
          clearTimeout(deadline);
          outcome.then(resolve, reject);
        }
      });
    });
  }

  #settle(outcome: Promise<ReloadOutcome>, type: ConfigType): void {
    // A rejection that no test waits for must not end the test run as an unhandled one.
    outcome.catch(() => undefined);
    this.#waiting.splice(0).forEach((waiting) => {
      waiting(outcome, type);
    });
  }

  /** `emit` runs the listeners and forgets their promises; here they are kept. */
  #followListeners(): void {
    const emit = this.eventBus.emit.bind(this.eventBus);
    this.eventBus.emit = (name: string | symbol, ...values: unknown[]): boolean => {
      if (name !== 'hot-reload') {
        return emit(name, ...values);
      }
      const logged = this.log.length;
      const results = this.eventBus.listeners(name).map((listener) => {
        const result: unknown = Reflect.apply(listener, this.eventBus, values);
        return result;
      });
      const outcome = Promise.all(results).then(() => this.#outcomeSince(logged));
      this.#settle(outcome, (values[0] as { type: ConfigType }).type);
      return true;
    };
  }

  #outcomeSince(logged: number): ReloadOutcome {
    const refused = this.log.slice(logged).some((line) => line.includes('Could not hot-reload'));
    return refused ? 'refused' : 'completed';
  }

  /** A file that cannot be read or violates EG's schema never reaches the event. */
  #followRefusals(): void {
    const loadConfig = this.config.loadConfig.bind(this.config);
    this.config.loadConfig = (type) => {
      try {
        loadConfig(type);
      } catch (error) {
        this.#settle(Promise.resolve('refused'), type);
        throw error;
      }
    };
  }
}

/** System settings first, as an operator who changes both would have to. */
function changedFiles(change: Partial<GatewayOptions>): ConfigType[] {
  const system = ['pluginSettings', 'pluginPackage', 'plugins', 'trustProxy', 'systemText'];
  const names = Object.keys(change);
  const types: ConfigType[] = names.some((name) => system.includes(name)) ? ['system'] : [];
  const gateway = names.length === 0 || names.some((name) => !system.includes(name));
  return gateway ? [...types, 'gateway'] : types;
}

/** Sets (or, given `undefined`, removes) environment variables; the answer puts them back. */
function setEnvironment(values: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]));
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- assigning undefined would set the text
      delete process.env[name];
    } else {
      process.env[name] = value;
    }
  }
  return () => void setEnvironment(before);
}

/** A change made before chokidar has looked at the files once would go unnoticed. */
async function watching({ watcher }: EgConfig): Promise<void> {
  if (watcher !== undefined) {
    await new Promise<void>((resolve) => {
      watcher.once('ready', resolve);
    });
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
