import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { type GatewayOptions, ROOT, writeConfigDir } from './gateway-config';
import { logLines } from './gateway-log';

/** How a gateway's process ended and what it wrote, without colours and time stamps. */
export interface ProcessResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A gateway in a process of its own. */
export interface GatewayProcess {
  readonly url: string;
  readonly port: number;
  readonly adminUrl: string;
  readonly pid: number;
  readonly configDir: string;
  /** What it logged so far. */
  readonly log: readonly string[];
  /** Resolves when the process has ended; it never rejects. */
  readonly exited: Promise<ProcessResult>;
  kill(signal?: NodeJS.Signals): void;
  /** Ends the process if it still runs and removes its files. */
  close(): Promise<ProcessResult>;
}

/** Settings of the process itself. */
export interface ProcessOptions {
  /** Options of Node, e.g. `--trace-warnings`. */
  execArgv?: readonly string[];
  /** The node to run; default: the one that runs the test. */
  execPath?: string;
  /** How long the boot, or for `runGatewayProcess` the whole run, may take. */
  timeoutMs?: number;
}

const PLUGIN = path.join(ROOT, 'dist', 'manifest.js');
const SCRIPT = path.join(__dirname, 'gateway-child.cjs');
const TIMEOUT_MS = 90_000;

/** Boots a gateway in a child process from the compiled plugin; rejects with its output if it ends instead. */
export async function spawnGateway(options: GatewayOptions & ProcessOptions): Promise<GatewayProcess> {
  const gateway = new Spawned(options);
  const deadline = setTimeout(() => {
    gateway.kill('SIGKILL');
  }, options.timeoutMs ?? TIMEOUT_MS);
  try {
    await Promise.race([gateway.listening, gateway.exited.then(failedToBoot)]);
    return gateway;
  } catch (error) {
    await gateway.close();
    throw error;
  } finally {
    clearTimeout(deadline);
  }
}

/** Runs a gateway that is expected to end by itself and tells how; it is killed (SIGKILL) when the time is up. */
export async function runGatewayProcess(options: GatewayOptions & ProcessOptions): Promise<ProcessResult> {
  const gateway = new Spawned(options);
  const deadline = setTimeout(() => {
    gateway.kill('SIGKILL');
  }, options.timeoutMs ?? TIMEOUT_MS);
  const result = await gateway.exited;
  clearTimeout(deadline);
  await gateway.close();
  return result;
}

class Spawned implements GatewayProcess {
  readonly configDir: string;
  readonly exited: Promise<ProcessResult>;
  readonly listening: Promise<void>;
  readonly #child: ChildProcess;
  readonly #output = { stdout: '', stderr: '' };

  constructor(options: GatewayOptions & ProcessOptions) {
    this.configDir = writeConfigDir(options, PLUGIN);
    // Plain arguments: Jest's own NODE_OPTIONS (coverage, loaders) and Node flags are not the child's business.
    const env = { ...process.env, NODE_OPTIONS: undefined, NODE_ENV: undefined, ...options.env };
    const args = [...(options.execArgv ?? []), SCRIPT, this.configDir];
    this.#child = spawn(options.execPath ?? process.execPath, args, {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.listening = new Promise((resolve) => {
      this.#collect('stdout', () => {
        if (this.#find('gateway http server') && this.#find('admin http server')) {
          resolve();
        }
      });
    });
    this.#collect('stderr');
    this.exited = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        resolve({ code, signal, stdout: clean(this.#output.stdout), stderr: clean(this.#output.stderr) });
      });
    });
  }

  get port(): number {
    return Number(this.#find('gateway http server'));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get adminUrl(): string {
    return `http://127.0.0.1:${this.#find('admin http server') ?? ''}`;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get log(): readonly string[] {
    return logLines(this.#output.stdout);
  }

  kill(signal: NodeJS.Signals = 'SIGTERM'): void {
    this.#child.kill(signal);
  }

  async close(): Promise<ProcessResult> {
    this.kill('SIGKILL');
    const result = await this.exited;
    rmSync(this.configDir, { recursive: true, force: true });
    return result;
  }

  #collect(name: 'stdout' | 'stderr', onText: () => void = () => undefined): void {
    this.#child[name]!.setEncoding('utf8').on('data', (text: string) => {
      this.#output[name] += text;
      onText();
    });
  }

  /** The port that the line about that server names. */
  #find(server: string): string | undefined {
    const line = this.log.find((candidate) => candidate.includes(`${server} listening on`));
    return /:(\d+)$/.exec(line ?? '')?.[1];
  }
}

function failedToBoot(result: ProcessResult): never {
  const how = result.signal === null ? `exit code ${result.code ?? 'unknown'}` : `signal ${result.signal}`;
  throw new Error(`The gateway's process ended with ${how}\n${result.stdout}\n${result.stderr}`);
}

function clean(text: string): string {
  return logLines(text).join('\n');
}
