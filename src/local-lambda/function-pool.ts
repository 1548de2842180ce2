import { serviceError } from './api-errors';
import { ExecutionEnvironment } from './execution-environment';
import type { FunctionCode } from './function-code';
import type { Invocation, InvocationOutcome } from './invocation';
import type { InvocationLog } from './invocation-log';
import type { OutputReader } from './output-reader';

/** Lambda's limit of the Init phase: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const initLimitMs = 10_000;

export interface PoolSettings {
  /** Invocations at the same time; further ones wait for their turn. */
  readonly maxConcurrency: number;
  /** Megabytes. */
  readonly memorySize: number;
  /** For output that comes when no invocation runs. */
  readonly log: (line: string) => void;
}

/** The execution environments of one version of one function. */
export class FunctionPool {
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly busy = new Set<ExecutionEnvironment>();
  private readonly leaving = new Set<Promise<void>>();
  private readonly waiting: (() => void)[] = [];
  private taken = 0;
  private closed = false;

  constructor(private readonly settings: PoolSettings) {}

  /**
   * Runs the invocation in an environment that has this very code; environments with older code go as soon as they have
   * nothing to do.
   *
   * @throws {ApiError} When the pool is closed.
   */
  async invoke(
    invocation: Invocation,
    code: FunctionCode,
    log: InvocationLog,
    reader: OutputReader,
  ): Promise<InvocationOutcome> {
    await this.takeTurn();
    try {
      if (this.closed) throw serviceError('Local Lambda is closing');
      return await this.runIn(this.take(code, invocation.version), invocation, log, reader);
    } finally {
      this.passTurn();
    }
  }

  /** Terminates every worker and waits for their end. */
  async close(): Promise<void> {
    this.closed = true;
    [...this.idle, ...this.busy].forEach((environment) => {
      this.terminate(environment);
    });
    await Promise.all(this.leaving);
  }

  private async runIn(
    environment: ExecutionEnvironment,
    invocation: Invocation,
    log: InvocationLog,
    reader: OutputReader,
  ): Promise<InvocationOutcome> {
    this.busy.add(environment);
    try {
      return await environment.run(invocation, log, reader);
    } finally {
      this.busy.delete(environment);
      this.idle.push(environment);
    }
  }

  private async takeTurn(): Promise<void> {
    if (this.taken < this.settings.maxConcurrency) {
      this.taken++;
    } else {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private passTurn(): void {
    const next = this.waiting.shift();
    if (next) {
      next();
    } else {
      this.taken--;
    }
  }

  /** An idle environment with this code, or a new one. Those with older code, or whose worker is gone, are let go. */
  private take(code: FunctionCode, version: string): ExecutionEnvironment {
    const usable: ExecutionEnvironment[] = [];
    this.idle.splice(0).forEach((environment) => {
      if (environment.canRun(code)) usable.push(environment);
      else this.terminate(environment);
    });
    const environment = usable.pop() ?? this.create(code, version);
    this.idle.push(...usable);
    return environment;
  }

  private create(code: FunctionCode, version: string): ExecutionEnvironment {
    const { memorySize, log } = this.settings;
    return new ExecutionEnvironment({ code, version, memorySize, initLimitMs, log });
  }

  private terminate(environment: ExecutionEnvironment): void {
    const left = environment.terminate().finally(() => this.leaving.delete(left));
    this.leaving.add(left);
  }
}
