import { limits } from './limits';

/** Figures of one invocation, for its REPORT line. */
export interface InvocationReport {
  readonly durationMs: number;
  /** Megabytes. */
  readonly memorySize: number;
  /** Bytes; undefined when the function could not be asked any more. */
  readonly memoryUsed: number | undefined;
  /** undefined when the execution environment was there before. */
  readonly initDurationMs: number | undefined;
}

/** The log of one invocation, as CloudWatch Logs would have it. */
export class InvocationLog {
  private text = '';
  private figures: InvocationReport | undefined;

  constructor(
    private readonly requestId: string,
    private readonly writeLine: (line: string) => void,
  ) {}

  start(version: string): void {
    this.write(`START RequestId: ${this.requestId} Version: ${version}`);
  }

  /** @param text One or more lines, without a line break at the end. */
  write(text: string): void {
    // No more characters are kept than the tail may have bytes.
    this.text = `${this.text}${text}\n`.slice(-limits.logTail);
    text.split('\n').forEach(this.writeLine);
  }

  /** The figures, once the invocation has ended. */
  get report(): InvocationReport | undefined {
    return this.figures;
  }

  end(report: InvocationReport): void {
    this.figures = report;
    const { durationMs, memorySize, memoryUsed, initDurationMs } = report;
    const fields = [
      `REPORT RequestId: ${this.requestId}`,
      `Duration: ${durationMs.toFixed(2)} ms`,
      `Billed Duration: ${Math.ceil(durationMs)} ms`,
      `Memory Size: ${memorySize} MB`,
      ...(memoryUsed === undefined ? [] : [`Max Memory Used: ${Math.ceil(memoryUsed / 2 ** 20)} MB`]),
      ...(initDurationMs === undefined ? [] : [`Init Duration: ${initDurationMs.toFixed(2)} ms`]),
    ];
    this.write(`END RequestId: ${this.requestId}`);
    this.write(`${fields.join('\t')}\t`);
  }

  /** The last 4 KB in base64, for `X-Amz-Log-Result`. */
  tail(): string {
    return Buffer.from(this.text).subarray(-limits.logTail).toString('base64');
  }
}
