import { startLocalLambda as startInvokeApi } from '../local-lambda';
import type { LocalLambda as InvokeApi, LocalLambdaOptions as InvokeApiOptions } from '../local-lambda';
import { listenOnLoopback } from '../local-lambda/loopback-server';
import type { LoopbackServer } from '../local-lambda/loopback-server';
import type { FunctionUrlTarget, InvokeMode } from './function-url';
import { serveFunctionUrl } from './function-url';

export type { InvocationSummary } from '../local-lambda';

export interface LocalLambdaOptions extends InvokeApiOptions {
  /** Functions that have a URL too, by name: a port of the loopback interface, 0 for any free one. */
  readonly functionUrls?: Readonly<Record<string, number | FunctionUrlOptions>>;
}

export interface FunctionUrlOptions {
  readonly port: number;
  /** Default `BUFFERED`. */
  readonly invokeMode?: InvokeMode;
}

export interface LocalLambda extends InvokeApi {
  /** By function name: `http://127.0.0.1:<port>`. */
  readonly functionUrls: Readonly<Record<string, string>>;
}

/**
 * Starts the local Lambda, and a server for each function URL.
 *
 * @throws {Error} One line: an option is wrong, or a port cannot be had (`code`, such as `EADDRINUSE`).
 */
export async function startLocalLambda({ functionUrls = {}, ...options }: LocalLambdaOptions): Promise<LocalLambda> {
  const lambda = await startInvokeApi(options);
  const servers = new Map<string, LoopbackServer>();
  const close = async (): Promise<void> => {
    await Promise.all([...servers.values(), lambda].map((server) => server.close()));
  };
  try {
    for (const [functionName, given] of Object.entries(functionUrls)) {
      const { port, invokeMode = 'BUFFERED' } = typeof given === 'number' ? { port: given } : given;
      const target: FunctionUrlTarget = { functionName, invokeMode, endpoint: lambda.url };
      servers.set(functionName, await listenOnLoopback(serveFunctionUrl(target, options.log), port));
    }
  } catch (error) {
    await close();
    throw error;
  }
  let closing: Promise<void> | undefined;
  const urls = [...servers].map(([functionName, { port }]) => [functionName, `http://127.0.0.1:${port}`] as const);
  return { ...lambda, functionUrls: Object.fromEntries(urls), close: () => (closing ??= close()) };
}
