import { cpSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where the repository's root is, seen from this file. */
export const ROOT = path.resolve(__dirname, '../..');

/** What a test says about the gateway it wants; everything not said has a value that works. */
export interface GatewayOptions {
  /** `apiEndpoints` as in gateway.config.yml. */
  apiEndpoints: Record<string, unknown>;
  /** `pipelines` as in gateway.config.yml. */
  pipelines: Record<string, unknown>;
  /** `serviceEndpoints` as in gateway.config.yml, for EG's own `proxy` policy. */
  serviceEndpoints?: Record<string, unknown>;
  /** `policies` as in gateway.config.yml; default: every policy named in the pipelines. */
  policies?: readonly string[];
  /** What stands under `plugins.lambda` in system.config.yml beside `package`. */
  pluginSettings?: Record<string, unknown>;
  /** What `plugins.lambda.package` says; default: `manifest.ts` in Jest, `dist/manifest.js` in a child process. */
  pluginPackage?: string;
  /** Further plugins as in system.config.yml; `test-script` brings its own plugin along without being listed. */
  plugins?: Record<string, unknown>;
  /** Express' `trust proxy` setting of the gateway's app. */
  trustProxy?: unknown;
  /** The address the gateway listens on; default 127.0.0.1 (`::` makes `req.ip` an IPv4-mapped address). */
  hostname?: string;
  /** Environment variables that are set before the boot and put back by `close()`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Changes the text of gateway.config.yml (JSON, hence YAML) before it is written: broken files, bare `${VAR}`. */
  gatewayText?: (text: string) => string;
  /** The same for system.config.yml. */
  systemText?: (text: string) => string;
}

/** Makes a temporary directory with the two configuration files and EG's stock models. */
export function writeConfigDir(options: GatewayOptions, defaultPackage: string): string {
  const dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'eg-lambda-')));
  const models = path.join(path.dirname(require.resolve('express-gateway')), 'config', 'models');
  cpSync(models, path.join(dir, 'models'), { recursive: true });
  writeSystemConfig(dir, options, defaultPackage);
  writeGatewayConfig(dir, options);
  return dir;
}

/** Writes gateway.config.yml; both ports are 0, so that gateways never compete for one. */
export function writeGatewayConfig(dir: string, options: GatewayOptions): void {
  const hostname = options.hostname ?? '127.0.0.1';
  const config = {
    http: { port: 0, hostname },
    admin: { port: 0, host: '127.0.0.1' },
    apiEndpoints: options.apiEndpoints,
    serviceEndpoints: options.serviceEndpoints ?? {},
    policies: options.policies ?? policiesOf(options.pipelines),
    pipelines: options.pipelines,
  };
  write(path.join(dir, 'gateway.config.yml'), config, options.gatewayText);
}

/** Writes system.config.yml: emulated Redis, the plugin under test as `lambda`, further plugins after it. */
export function writeSystemConfig(dir: string, options: GatewayOptions, defaultPackage: string): void {
  const config = {
    db: { redis: { emulate: true, namespace: 'EG' } },
    plugins: {
      lambda: { package: options.pluginPackage ?? defaultPackage, ...options.pluginSettings },
      ...supportPlugin(options),
      ...options.plugins,
    },
    crypto: { cipherKey: 'sensitiveKey', algorithm: 'aes256', saltRounds: 1 },
    session: { secret: 'keyboard cat', resave: false, saveUninitialized: false },
    accessTokens: { timeToExpiry: 7_200_000 },
    refreshTokens: { timeToExpiry: 7_200_000 },
    authorizationCodes: { timeToExpiry: 300_000 },
  };
  write(path.join(dir, 'system.config.yml'), config, options.systemText);
}

/** The test plugin is loaded only where it is needed, so that other tests see the plugin under test alone. */
function supportPlugin(options: GatewayOptions): Record<string, unknown> {
  const wanted = options.trustProxy !== undefined || policiesOf(options.pipelines).includes('test-script');
  if (!wanted) {
    return {};
  }
  const settings = options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy };
  return { 'test-support': { package: path.join(__dirname, 'policies-plugin.cjs'), ...settings } };
}

function policiesOf(pipelines: Record<string, unknown>): string[] {
  const steps = Object.values(pipelines).flatMap((pipeline) => {
    const policies: unknown = (pipeline as { policies?: unknown } | null)?.policies ?? [];
    return (Array.isArray(policies) ? policies : [policies]) as object[];
  });
  return [...new Set(steps.flatMap((step) => Object.keys(step)))];
}

function write(file: string, config: unknown, edit: (text: string) => string = (text) => text): void {
  writeFileSync(file, edit(`${JSON.stringify(config, null, 2)}\n`));
}
