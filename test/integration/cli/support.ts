import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../../support/gateway-config';

export const MAIN = path.join(ROOT, 'dist/src/cli/main.js');
/** What `package:` says for the plugin under test. */
export const PLUGIN = path.join(ROOT, 'dist/manifest.js');
const HOST = path.join(ROOT, 'node_modules/express-gateway');

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; nothing unless given. */
  readonly input?: string;
  /** Options of Node. */
  readonly execArgv?: readonly string[];
}

/** Starts the compiled command, in an environment that says nothing of AWS, proxies or a gateway. */
export function startCommand(args: readonly string[], { cwd, env, execArgv = [] }: CommandOptions): ChildProcess {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:AWS_|EG_|NODE_)|_PROXY$|^NO_COLOR$/i.test(name),
  );
  const nothing = {
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return spawn(process.execPath, [...execArgv, MAIN, ...args], {
    cwd,
    env: { ...Object.fromEntries(inherited), ...nothing, ...env },
    stdio: 'pipe',
  });
}

/** Runs the compiled command to its end. */
export async function runCommand(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const child = startCommand(args, options);
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  }
  child.stdin!.end(options.input ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}

/** A folder as `eg gateway create` makes it, as far as the command looks at it. */
export class GatewayFolder {
  readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'eg-lambda-cli-')));
  readonly config = path.join(this.folder, 'config');

  constructor(files: Readonly<Record<string, string>>) {
    mkdirSync(this.config);
    cpSync(path.join(HOST, 'lib/config/models'), path.join(this.config, 'models'), { recursive: true });
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  /** Out of a template of the host's own `eg gateway create`. */
  static ofTemplate(template: 'basic' | 'getting-started'): GatewayFolder {
    return new GatewayFolder({
      'system.config.yml': templateText(template, 'system.config.yml'),
      'gateway.config.yml': templateText(template, 'gateway.config.yml'),
    });
  }

  read(name: string): string {
    return readFileSync(path.join(this.config, name), 'utf8');
  }

  write(name: string, text: string): void {
    writeFileSync(path.join(this.config, name), text);
  }

  run(args: readonly string[], options: Partial<CommandOptions> = {}): Promise<CommandResult> {
    return runCommand(args, { cwd: this.folder, ...options });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function templateText(template: string, file: string): string {
  return readFileSync(path.join(HOST, 'bin/generators/gateway/templates', template, 'config', file), 'utf8');
}

/** A system.config.yml with this plugin and settings for all its policies. */
export function systemConfig(settings: object = {}, plugins: object = {}): string {
  return JSON.stringify({
    db: { redis: { emulate: true, namespace: 'EG' } },
    plugins: { lambda: { package: PLUGIN, ...settings }, ...plugins },
    crypto: { cipherKey: 'sensitiveKey', algorithm: 'aes256', saltRounds: 1 },
    session: { secret: 'keyboard cat', resave: false, saveUninitialized: false },
    accessTokens: { timeToExpiry: 7_200_000 },
    refreshTokens: { timeToExpiry: 7_200_000 },
    authorizationCodes: { timeToExpiry: 300_000 },
  });
}

/** A gateway.config.yml with a pipeline for each of these actions, at an endpoint of the same name. */
export function gatewayConfig(actions: Readonly<Record<string, object>>, changes: object = {}): string {
  const names = Object.keys(actions);
  return JSON.stringify({
    http: { port: 0 },
    apiEndpoints: Object.fromEntries(names.map((name) => [name, { host: '*', paths: [`/${name}`, `/${name}/*`] }])),
    policies: ['lambda-proxy'],
    pipelines: Object.fromEntries(
      names.map((name) => [name, { apiEndpoints: [name], policies: [{ 'lambda-proxy': { action: actions[name] } }] }]),
    ),
    ...changes,
  });
}
