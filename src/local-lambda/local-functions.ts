import { serviceError } from './api-errors';
import { CollectedOutput } from './collected-output';
import { findFunction } from './function-code';
import type { FunctionCode } from './function-code';
import { FunctionPool } from './function-pool';
import type { Invocation, InvocationOutcome } from './invocation';
import { InvocationLog } from './invocation-log';
import type { Settings } from './options';
import type { OutputReader } from './output-reader';
import { resultTooLarge } from './platform-errors';

interface WithLog {
  /** The log's last 4 KB, in base64. */
  readonly logTail: string;
}

/** An invocation whose output, as far as the handler streams, went to its reader. */
export type StreamedInvocation = InvocationOutcome & WithLog;

export interface CompletedInvocation extends WithLog {
  /** Whether the payload is an error (`errorType`, `errorMessage`) rather than the function's result. */
  readonly failed: boolean;
  /** JSON text, or all that a streaming handler wrote. */
  readonly payload: string | Buffer;
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
    const output = new CollectedOutput();
    const { logTail, ...outcome } = await this.stream(code, invocation, output);
    const { failed, payload } = output.tooLarge ? resultTooLarge() : outcome;
    return { failed, payload: payload ?? output.bytes(), logTail };
  }

  /**
   * Runs the function once, with a reader for what it streams, and waits for its end.
   *
   * @throws {ApiError} When the server is closing.
   */
  async stream(code: FunctionCode, invocation: Invocation, reader: OutputReader): Promise<StreamedInvocation> {
    // The call may have been looking for its function while the server closed.
    if (this.closed) throw serviceError('Local Lambda is closing');
    const log = new InvocationLog(invocation.requestId, this.lineWriter(code.name));
    const outcome = await this.pool(code.name, invocation.version).invoke(invocation, code, log, reader);
    const error = outcome.failed ? outcome.payload : undefined;
    const { requestId } = invocation;
    this.settings.onInvocation({ functionName: code.name, requestId, error, report: log.report });
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
