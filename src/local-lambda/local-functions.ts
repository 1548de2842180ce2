import { serviceError } from './api-errors';
import { findFunction } from './function-code';
import type { FunctionCode } from './function-code';
import { FunctionPool } from './function-pool';
import type { Invocation, InvocationOutcome } from './invocation';
import { InvocationLog } from './invocation-log';
import type { Settings } from './options';

export interface CompletedInvocation extends InvocationOutcome {
  /** The log's last 4 KB, in base64. */
  readonly logTail: string;
}

/** The functions of the folder: what every route of the API invokes. */
export class LocalFunctions {
  private readonly pools = new Map<string, FunctionPool>();
  private closed = false;

  constructor(private readonly settings: Settings) {}

  /** @returns undefined when the folder has no such function. */
  find(name: string): Promise<FunctionCode | undefined> {
    return findFunction(this.settings.folder, name);
  }

  /** Seconds that the function may run. */
  timeoutOf(name: string): number {
    return this.settings.timeouts.get(name) ?? this.settings.timeout;
  }

  /**
   * Runs the function once and waits for its end. A function that fails is an outcome too.
   *
   * @throws {ApiError} When the server is closing.
   */
  async invoke(code: FunctionCode, invocation: Invocation): Promise<CompletedInvocation> {
    // The call may have been looking for its function while the server closed.
    if (this.closed) throw serviceError('Local Lambda is closing');
    const log = new InvocationLog(invocation.requestId, this.lineWriter(code.name));
    const outcome = await this.pool(code.name, invocation.version).invoke(invocation, code, log);
    return { ...outcome, logTail: log.tail() };
  }

  /** Terminates every worker; what is running ends as if the function had exited. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.pools.values()].map((pool) => pool.close()));
  }

  /** Versions have environments of their own, for they see different environment variables. */
  private pool(name: string, version: string): FunctionPool {
    const key = `${name}:${version}`;
    const existing = this.pools.get(key);
    if (existing) return existing;
    const { maxConcurrency, memorySize } = this.settings;
    const pool = new FunctionPool({ maxConcurrency, memorySize, log: this.lineWriter(name) });
    this.pools.set(key, pool);
    return pool;
  }

  private lineWriter(name: string): (line: string) => void {
    return (line) => {
      this.settings.log(`[${name}] ${line}`);
    };
  }
}
