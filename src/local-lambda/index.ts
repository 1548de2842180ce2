import { invokeRoute } from './invoke-route';
import { invokeStreamRoute } from './invoke-stream-route';
import { LocalFunctions } from './local-functions';
import { listenOnLoopback } from './loopback-server';
import { resolveSettings } from './options';
import type { LocalLambdaOptions } from './options';
import { createRequestListener } from './router';

export type { InvocationSummary } from './invocation-summary';
export type { LocalLambdaOptions } from './options';

/** A running server. */
export interface LocalLambda {
  /** For the SDK's `endpoint`: `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** Cuts every connection and terminates every worker; nothing is left open when it resolves. Never rejects. */
  close(): Promise<void>;
}

/**
 * Starts a server that speaks the Invoke API of AWS Lambda, with and without response streaming, and runs the functions of a folder, each in worker threads of
 * its own: for development, demonstrations and tests. It listens on the loopback interface only and checks no signature.
 *
 * A function is what its file is at the time of the call: a changed file gets new workers.
 *
 * Other than in Lambda, a function is not frozen between its invocations, a failed `Event` is not tried again, a
 * stream may have any size, its function is told when the reader goes away, and the working folder, the time zone and the
 * file system are those of this process.
 *
 * @throws {Error} One line: an option is wrong, or the port cannot be had (`code`, such as `EADDRINUSE`).
 */
export async function startLocalLambda(options: LocalLambdaOptions): Promise<LocalLambda> {
  const settings = await resolveSettings(options);
  const functions = new LocalFunctions(settings);
  const routes = [invokeRoute(functions, settings.log), invokeStreamRoute(functions)];
  const server = await listenOnLoopback(createRequestListener(routes, settings.log), settings.port);
  const closeAll = async (): Promise<void> => {
    await Promise.all([server.close(), functions.close()]);
  };
  let closing: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    close: () => (closing ??= closeAll()),
  };
}
