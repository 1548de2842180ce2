import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { InvocationSummary } from './invocation-summary';

export interface LocalLambdaOptions {
  /** Folder with the functions: `<name>.js`, `.mjs`, `.cjs`, or `<name>/index.js`, `.mjs`, `.cjs`. */
  readonly folder: string;
  /** TCP port on the loopback interface; 0 (the default) takes any free one. */
  readonly port?: number;
  /** Seconds a function may run, up to 900; default 3. */
  readonly timeout?: number;
  /** Seconds by function name, where they differ from `timeout`. */
  readonly timeouts?: Readonly<Record<string, number>>;
  /** Invocations of one function at the same time; further ones wait. Default 10. */
  readonly maxConcurrency?: number;
  /** Megabytes, at least 128 (the default); also the limit of a worker's JavaScript heap. */
  readonly memorySize?: number;
  /** Called with each line that a function or the server writes; default none. */
  readonly log?: (line: string) => void;
  /** Called at the end of each invocation; default none. */
  readonly onInvocation?: (summary: InvocationSummary) => void;
}

/** The options with every default filled in. */
export interface Settings {
  /** Absolute path. */
  readonly folder: string;
  readonly port: number;
  /** Seconds. */
  readonly timeout: number;
  readonly timeouts: ReadonlyMap<string, number>;
  readonly maxConcurrency: number;
  /** Megabytes. */
  readonly memorySize: number;
  /** Never throws. */
  readonly log: (line: string) => void;
  /** Never throws. */
  readonly onInvocation: (summary: InvocationSummary) => void;
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {Error} One line that names the option.
 */
export async function resolveSettings(options: LocalLambdaOptions): Promise<Settings> {
  const timeouts = new Map(Object.entries(options.timeouts ?? {}));
  timeouts.forEach((seconds, name) => {
    checkTimeout(`timeouts.${name}`, seconds);
  });
  return {
    folder: await existingFolder(options.folder),
    port: options.port ?? 0,
    timeout: checkTimeout('timeout', options.timeout ?? 3),
    timeouts,
    maxConcurrency: checkInteger('maxConcurrency', options.maxConcurrency ?? 10, 1),
    memorySize: checkInteger('memorySize', options.memorySize ?? 128, 128),
    log: silencingErrors(options.log),
    onInvocation: silencingErrors(options.onInvocation),
  };
}

async function existingFolder(folder: string): Promise<string> {
  const absolute = resolve(folder);
  const found = await stat(absolute).catch(() => undefined);
  if (!found?.isDirectory()) throw new Error(`Local Lambda: folder ${absolute} is not a folder`);
  return absolute;
}

// 900 s is Lambda's own maximum: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
function checkTimeout(option: string, seconds: number): number {
  if (seconds > 0 && seconds <= 900) return seconds;
  throw new Error(`Local Lambda: ${option} must be more than 0 and at most 900 seconds, not ${seconds}`);
}

function checkInteger(option: string, value: number, minimum: number): number {
  if (Number.isInteger(value) && value >= minimum) return value;
  throw new Error(`Local Lambda: ${option} must be an integer of at least ${minimum}, not ${value}`);
}

/** A callback that throws would otherwise end the process from within an event handler. */
export function silencingErrors<T>(callback: ((value: T) => void) | undefined): (value: T) => void {
  return (value) => {
    try {
      callback?.(value);
    } catch {
      // Nowhere to report it.
    }
  };
}
