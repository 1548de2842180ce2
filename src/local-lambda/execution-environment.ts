import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FunctionCode } from './function-code';
import type { Invocation, InvocationOutcome } from './invocation';
import type { InvocationLog } from './invocation-log';
import { lambdaEnvironment } from './lambda-environment';
import type { OutputReader } from './output-reader';
import { leavesWorkerUsable, outcomeOf } from './phase-end';
import type { InvocationEnd, PhaseEnd } from './phase-end';
import { timeoutText } from './platform-errors';
import type { InvokeMessage, MessageFromWorker, MessageToWorker, WorkerSetup } from './worker-protocol';

const workerEntry = join(__dirname, 'worker', 'entry.js');

export interface EnvironmentSetup {
  readonly code: FunctionCode;
  readonly version: string;
  /** Megabytes. */
  readonly memorySize: number;
  /** Milliseconds that loading the module may take. */
  readonly initLimitMs: number;
  /** For output that comes when no invocation runs. */
  readonly log: (line: string) => void;
}

/**
 * A worker thread with the function's module loaded. It runs one invocation at a time; the module's state lasts from one
 * to the next.
 */
export class ExecutionEnvironment {
  private readonly worker: Worker;
  private readonly createdAt = performance.now();
  private initialised = false;
  private endPhase: ((end: PhaseEnd) => void) | undefined;
  private gone: PhaseEnd | undefined;
  private invocationLog: InvocationLog | undefined;
  private takeOutput: ((bytes: Uint8Array) => void) | undefined;

  constructor(private readonly setup: EnvironmentSetup) {
    const { code, version, memorySize } = setup;
    const workerData: WorkerSetup = { file: code.file, handler: code.handler };
    this.worker = new Worker(workerEntry, {
      workerData,
      env: lambdaEnvironment(code, version, memorySize),
      // Preloads and loaders of this process are none of the function's business.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memorySize },
    });
    this.worker.on('message', (message: MessageFromWorker) => {
      this.receive(message);
    });
    this.worker.on('error', (error: NodeJS.ErrnoException) => {
      this.fail(error);
    });
    this.worker.on('exit', (exitCode) => {
      this.leave({ type: 'exit', exitCode });
    });
  }

  /** Whether it can take an invocation: of this code, and the worker is there. */
  canRun(code: FunctionCode): boolean {
    return this.gone === undefined && this.setup.code.fingerprint === code.fingerprint;
  }

  /** Runs one invocation, the module's loading included if this is the first. Never rejects. */
  async run(invocation: Invocation, log: InvocationLog, reader: OutputReader): Promise<InvocationOutcome> {
    this.invocationLog = log;
    const init = await this.initialise(invocation.timeout);
    log.start(invocation.version);
    const startedAt = performance.now();
    const end = init.end.type === 'ready' ? await this.invoke(invocation, reader) : init.end;
    if (end.type === 'timeout') {
      log.write(`${new Date().toISOString()} ${invocation.requestId} ${timeoutText(invocation.timeout)}`);
    }
    log.end({
      durationMs: performance.now() - startedAt,
      memorySize: this.setup.memorySize,
      memoryUsed: 'memoryUsed' in end ? end.memoryUsed : undefined,
      initDurationMs: init.durationMs,
    });
    this.invocationLog = undefined;
    if (!leavesWorkerUsable(end)) void this.terminate();
    return outcomeOf(end, invocation);
  }

  /** Ends the worker, whatever it is doing; what it was running ends as if it had exited. */
  async terminate(): Promise<void> {
    this.gone ??= { type: 'exit', exitCode: 1 };
    await this.worker.terminate();
  }

  private async initialise(timeout: number): Promise<{ readonly end: PhaseEnd; readonly durationMs?: number }> {
    if (this.initialised) return { end: { type: 'ready' } };
    // Lambda starts an Init phase that took too long again, within the invocation's own timeout.
    const end = await this.phase(this.setup.initLimitMs + timeout * 1000);
    this.initialised = true;
    return { end, durationMs: performance.now() - this.createdAt };
  }

  private async invoke(invocation: Invocation, reader: OutputReader): Promise<InvocationEnd> {
    const timeoutMs = invocation.timeout * 1000;
    const message: InvokeMessage = {
      type: 'invoke',
      requestId: invocation.requestId,
      event: invocation.event,
      invokedFunctionArn: invocation.invokedFunctionArn,
      deadline: Date.now() + timeoutMs,
      clientContext: invocation.clientContext,
      traceId: invocation.traceId,
    };
    this.send(message);
    const disconnect = this.connect(invocation.requestId, reader);
    const end = await this.phase(timeoutMs);
    disconnect();
    return end.type === 'ready' ? { type: 'exit', exitCode: 1 } : end;
  }

  /** Passes output on to the reader, and back what the reader makes of it. */
  private connect(requestId: string, reader: OutputReader): () => void {
    this.takeOutput = (bytes) => {
      reader.take(bytes, () => {
        this.send({ type: 'taken', requestId, bytes: bytes.length });
      });
    };
    const abort = (): void => {
      this.send({ type: 'abort', requestId });
    };
    if (reader.gone.aborted) abort();
    else reader.gone.addEventListener('abort', abort);
    return () => {
      this.takeOutput = undefined;
      reader.gone.removeEventListener('abort', abort);
    };
  }

  private send(message: MessageToWorker): void {
    this.worker.postMessage(message);
  }

  /** Waits for the end of the current phase. */
  private phase(limitMs: number): Promise<PhaseEnd> {
    if (this.gone) return Promise.resolve(this.gone);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.endPhase?.({ type: 'timeout' }), limitMs);
      this.endPhase = (end) => {
        clearTimeout(timer);
        this.endPhase = undefined;
        resolve(end);
      };
    });
  }

  private receive(message: MessageFromWorker): void {
    if (message.type === 'chunk') {
      this.takeOutput?.(message.bytes);
    } else if (message.type !== 'log') {
      this.endPhase?.(message);
    } else if (this.invocationLog) {
      this.invocationLog.write(message.text);
    } else {
      message.text.split('\n').forEach(this.setup.log);
    }
  }

  /** An error that the worker's own handlers did not see. Without a listener it would end this process. */
  private fail(error: NodeJS.ErrnoException): void {
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      this.leave({ type: 'out-of-memory' });
    } else {
      this.setup.log(String(error));
      this.leave({ type: 'exit', exitCode: 1 });
    }
  }

  private leave(end: PhaseEnd): void {
    this.gone ??= end;
    this.endPhase?.(end);
  }
}
